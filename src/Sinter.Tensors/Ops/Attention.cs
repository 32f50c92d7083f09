using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Attention;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_attentionBackward = AttentionBackwardFunction;

    private readonly record struct AttentionArguments(AttentionOptions Options, long QColumn, long KColumn, long VColumn);

    /// <summary>
    /// softmax(scale · Q Kᵀ + bias + mask) V for each head, in blocks, without the T × S matrix. Shapes: query [B, T, ..], key and value [B, S, ..],
    /// result [B, T, H·D].
    /// A query that sees no key gives zeros. Query, key and value are float32, or where products are of bfloat16, which round them in any case, all bfloat16
    /// (see <see cref="Device.OperandType"/>) if there is no bias; result and gradients are float32.
    /// </summary>
    /// <param name="query">The columns of the queries.</param>
    /// <param name="key">The columns of the keys.</param>
    /// <param name="value">The columns of the values.</param>
    /// <param name="options">Heads, mask, dropout.</param>
    /// <param name="extras">Segments and an additive bias, or none.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Attention(HeadColumns query, HeadColumns key, HeadColumns value, AttentionOptions options, AttentionExtras extras = default)
    {
        CheckAttention(query, key, value, options);
        CheckExtras(extras, query.Tensor.Shape, key.Tensor.Shape, options);
        if (!extras.Bias.IsNone) return Compose.Attention(query, key, value, options, extras);
        var (device, cpu) = (query.Tensor.Device, CpuDevice.Of(query.Tensor, "attention"));
        var shape = ShapeOf(cpu, query, key, value, options, extras);
        var output = device.Empty(new Shape(shape.Batch, shape.Queries, (long)options.NumHeads * options.HeadSize));
        cpu.Profile?.AddOperations(2 * shape.ProductOperations);   // scores, output
        bool records = device.Tape.IsRecording && (query.Tensor.RequiresGrad || key.Tensor.RequiresGrad || value.Tensor.RequiresGrad);
        if (!records && shape.Queries <= FewQueries.Most && shape.Dropout == 0 && shape.KeySegments == null && query.Tensor.DType == DType.Float32)
        {
            FewQueries.Run(cpu, shape, output.F32());
            return output;
        }
        var logSums = records ? device.Empty(new Shape(shape.Batch, shape.Heads, shape.Queries)) : default;
        AttentionForward.Run(cpu, shape, output.F32(), records ? logSums.F32() : null);
        if (records)
            device.Tape.Record(s_attentionBackward, output, query.Tensor, key.Tensor, value.Tensor, logSums, extras.Segments, extras.QuerySegments)!
                .Set(new AttentionArguments(options, query.Column, key.Column, value.Column)).Owns(logSums);
        return output;
    }

    private static void AttentionBackwardFunction(TapeEntry entry)
    {
        var a = entry.Get<AttentionArguments>();
        var cpu = CpuDevice.Of(entry.Output, "attention");
        HeadColumns query = new(entry[0], a.QColumn), key = new(entry[1], a.KColumn), value = new(entry[2], a.VColumn);
        var shape = ShapeOf(cpu, query, key, value, a.Options, new AttentionExtras { Segments = entry[4], QuerySegments = entry[5] });
        var gradients = new AttentionGradients { Output = entry.Output.F32(), OutputGrad = entry.OutputGrad.F32(), LogSums = entry[3].F32() };
        long width = (long)shape.Heads * shape.HeadSize, kvWidth = (long)shape.KvHeads * shape.HeadSize;
        bool wholeLength = shape.Keys == key.Tensor.Shape[1];
        bool together = wholeLength && SameMemory(query, key) && SameMemory(query, value) && query.Tensor.Shape[-1] == width + 2 * kvWidth;
        gradients.DQ = Target(entry, 0, query, together || query.Tensor.Shape[-1] == width, out gradients.AddQ);
        gradients.DK = Target(entry, 1, key, together || wholeLength && key.Tensor.Shape[-1] == kvWidth, out gradients.AddK);
        gradients.DV = Target(entry, 2, value, together || wholeLength && value.Tensor.Shape[-1] == kvWidth, out gradients.AddV);
        if (together) gradients.AddK = gradients.AddV = gradients.AddQ;   // three parts of one fresh buffer: each role writes its own
        cpu.Profile?.AddOperations(5 * shape.ProductOperations);   // scores again, and the gradients of value, probabilities, query and key
        AttentionBackward.Run(cpu, shape, gradients);
    }

    /// <summary>Where a role's gradient goes, null where none is wanted. What the roles do not cover of a fresh buffer must be zero.</summary>
    private static float* Target(TapeEntry entry, int index, HeadColumns role, bool covered, out bool add)
    {
        add = false;
        if (!entry.Wants(index)) return null;
        var target = entry.GradTarget(index, out add);
        if (!add && !covered)
        {
            target.Device.Clear(target.Pointer, target.ByteLength);
            add = true;
        }
        return target.F32() + role.Column;
    }

    private static AttentionShape ShapeOf(CpuDevice cpu, HeadColumns query, HeadColumns key, HeadColumns value, in AttentionOptions o,
        in AttentionExtras extras)
    {
        Shape q = query.Tensor.Shape, k = key.Tensor.Shape, v = value.Tensor.Shape;
        long keys = o.KeyLength > 0 ? o.KeyLength : k[1];
        var shape = new AttentionShape
        {
            Batch = q[0],
            Queries = q[1],
            Keys = keys,
            Heads = o.NumHeads,
            KvHeads = o.NumKvHeads,
            HeadSize = o.HeadSize,
            Window = o.Window,
            Scale = o.Scale == 0 ? 1 / MathF.Sqrt(o.HeadSize) : o.Scale,
            SoftCap = o.SoftCap,
            Dropout = o.Dropout,
            DropoutKey = o.DropoutKey,
            DropoutMask = new DropoutMask(o.DropoutKey.Mixed, o.Dropout),
            Causal = o.Causal,
            Q = First(query),
            K = First(key),
            V = First(value),
            ElementSize = query.Tensor.DType.Size(),
            QRow = q[2],
            KRow = k[2],
            VRow = v[2],
            QBatch = q[1] * q[2],
            KBatch = k[1] * k[2],
            VBatch = v[1] * v[2],
        };
        shape.Use(cpu.BlockKernel);
        if (query.Tensor.DType == DType.BFloat16 && !shape.IsBFloat16)
            throw new InvalidOperationException("[attention] roles of bfloat16 need products in bfloat16; the device multiplies in float32 now.");
        if (extras.Segments.IsNone) return shape;
        bool own = !extras.QuerySegments.IsNone;
        shape.KeySegments = extras.Segments.Data<int>(DType.Int32, "attention");
        shape.QuerySegments = own ? extras.QuerySegments.Data<int>(DType.Int32, "attention") : shape.KeySegments + (keys - q[1]);
        (shape.KeySegmentsBatch, shape.QuerySegmentsBatch) = (k[1], own ? q[1] : k[1]);
        return shape;
    }

    private static byte* First(HeadColumns role) => role.Tensor.DType == DType.BFloat16
        ? (byte*)(role.Tensor.Data<ushort>(DType.BFloat16, "attention") + role.Column) : (byte*)(role.Tensor.F32("attention") + role.Column);

    private static void CheckAttention(HeadColumns query, HeadColumns key, HeadColumns value, in AttentionOptions o)
    {
        if (o.NumHeads < 1 || o.NumKvHeads < 1 || o.HeadSize < 1 || o.NumHeads % o.NumKvHeads != 0)
            throw new ArgumentException($"[attention] {o.NumKvHeads} key and value heads do not divide {o.NumHeads} query heads of size {o.HeadSize}.");
        if (!(o.Dropout is >= 0 and < 1)) throw new ArgumentException($"[attention] the dropout {o.Dropout} is not in [0, 1).");
        if (o.Window < 0 || o.KeyLength < 0 || !(o.SoftCap >= 0))
            throw new ArgumentException($"[attention] the window {o.Window}, the key length {o.KeyLength} and the soft cap {o.SoftCap} must not be negative.");
        Fits(query, o.NumHeads, "query", o);
        Fits(key, o.NumKvHeads, "key", o);
        Fits(value, o.NumKvHeads, "value", o);
        if (key.Tensor.DType != query.Tensor.DType || value.Tensor.DType != query.Tensor.DType)
            throw new ArgumentException($"[attention] query, key and value are {query.Tensor.DType}, {key.Tensor.DType} and {value.Tensor.DType}: they need one type.");
        Shape q = query.Tensor.Shape, k = key.Tensor.Shape, v = value.Tensor.Shape;
        if (k[0] != q[0] || v[0] != q[0] || k[1] != v[1])
            throw new ArgumentException($"[attention] query {q}, key {k} and value {v} do not agree in batch and length.");
        if (o.KeyLength > k[1]) throw new ArgumentException($"[attention] a key length of {o.KeyLength} does not fit into the key {k}.");
        if (Collide(query, o.NumHeads, key, o.NumKvHeads, o.HeadSize) || Collide(query, o.NumHeads, value, o.NumKvHeads, o.HeadSize)
            || Collide(key, o.NumKvHeads, value, o.NumKvHeads, o.HeadSize))
            throw new ArgumentException($"[attention] query, key and value at columns {query.Column}, {key.Column} and {value.Column} of one tensor overlap in part.");
    }

    private static void CheckExtras(in AttentionExtras extras, Shape q, Shape k, in AttentionOptions o)
    {
        var (segments, queries, bias) = extras;
        long keys = o.KeyLength > 0 ? o.KeyLength : k[1];
        if (!segments.IsNone && segments.Shape != new Shape(k[0], k[1]))
            throw new ArgumentException($"[attention] the segments {segments.Shape} are not [{k[0]}, {k[1]}], one for each key.");
        if (!queries.IsNone && (segments.IsNone || queries.Shape != new Shape(q[0], q[1])))
            throw new ArgumentException($"[attention] the queries' segments {queries.Shape} are not [{q[0]}, {q[1]}], or there are none of the keys.");
        if (!segments.IsNone && queries.IsNone && q[1] > keys)
            throw new ArgumentException($"[attention] {q[1]} queries take their segments from {keys} keys: give theirs.");
        if (!bias.IsNone && bias.Shape != new Shape(o.NumHeads, q[1], keys))
            throw new ArgumentException($"[attention] the bias {bias.Shape} is not [{o.NumHeads}, {q[1]}, {keys}], heads by queries by keys.");
    }

    private static void Fits(HeadColumns role, int heads, string name, in AttentionOptions o)
    {
        if (role.Tensor.Shape.Rank != 3 || role.Column < 0 || role.Column + (long)heads * o.HeadSize > role.Tensor.Shape[-1])
            throw new ArgumentException($"[attention] the {name} {role.Tensor.Shape} from column {role.Column} has no room for {heads} heads of {o.HeadSize}.");
    }

    /// <summary>Whether two roles share columns without being head for head the same ones: then a gradient would have two owners.</summary>
    private static bool Collide(HeadColumns x, int xHeads, HeadColumns y, int yHeads, int size) => SameMemory(x, y)
        && x.Column < y.Column + (long)yHeads * size && y.Column < x.Column + (long)xHeads * size && (x.Column != y.Column || xHeads != yHeads);

    private static bool SameMemory(HeadColumns x, HeadColumns y) => x.Tensor.Node == y.Tensor.Node && x.Tensor.Offset == y.Tensor.Offset;
}
