using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_embeddingBackward = EmbeddingBackward;

    /// <summary>
    /// The row of <paramref name="table"/> that each token names, plus the row of <paramref name="positions"/> that its place names. Shapes: tokens
    /// int32 [B, T] or [T], table [V, C], positions [P, C]; the result is [B, T, C] or [T, C].
    /// </summary>
    /// <param name="tokens">Ids in [0, V).</param>
    /// <param name="table">One row for each id.</param>
    /// <param name="positions">One row for each place, or none.</param>
    /// <param name="firstPosition">The place of the first token: more than 0 behind a cache.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, an id outside the vocabulary, or a place past the last position.</exception>
    public static Tensor Embedding(Tensor tokens, Tensor table, Tensor positions = default, long firstPosition = 0)
    {
        CheckEmbedding("embedding", tokens, table, positions);
        if (!positions.IsNone && (firstPosition < 0 || firstPosition + tokens.Shape[-1] > positions.Shape[0]))
            throw new ArgumentException($"[embedding] tokens {tokens.Shape} from place {firstPosition} on need {firstPosition + tokens.Shape[-1]} places; " +
                $"there are {positions.Shape[0]}.");
        return Embed(tokens, table, positions, default, firstPosition);
    }

    /// <summary>The same where each token has a place of its own: int32 of the tokens' shape, in [0, P). Places restart where texts are packed into one
    /// sequence, and some models count them from another number or pass over padding.</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit, an id outside the vocabulary, or a place that does not exist.</exception>
    public static Tensor Embedding(Tensor tokens, Tensor table, Tensor positions, Tensor places)
    {
        CheckEmbedding("embedding", tokens, table, positions);
        if (positions.IsNone || places.Shape != tokens.Shape)
            throw new ArgumentException($"[embedding] places {places.Shape} for tokens {tokens.Shape} and positions {positions}: one place for each token.");
        CheckIds("embedding", places.Data<int>(DType.Int32, "embedding"), places.Shape, positions.Shape[0], "place", "positions");
        return Embed(tokens, table, positions, places, 0);
    }

    private static Tensor Embed(Tensor tokens, Tensor table, Tensor positions, Tensor places, long firstPosition)
    {
        const string op = "embedding";
        var cpu = CpuDevice.Of(table, op);
        long columns = table.Shape[1], length = tokens.Shape[-1];
        int* ids = tokens.Data<int>(DType.Int32, op);
        CheckIds(op, ids, tokens.Shape, table.Shape[0]);
        var y = cpu.Empty(tokens.Shape.Rank == 1 ? new Shape(length, columns) : new Shape(tokens.Shape[0], length, columns));
        var blocks = RowBlocks.ForRows(tokens.Count, columns);
        float* from = positions.IsNone ? null : positions.F32(op) + firstPosition * columns;
        int* own = places.IsNone ? null : places.Data<int>(DType.Int32, op);
        cpu.Workers.Run(blocks.Count, new EmbeddingRows(blocks, ids, table.F32(op), from, own, length, columns, y.F32(op)));
        cpu.Profile?.AddBytes(y.ByteLength - table.ByteLength);   // the rows that were named, not the whole table
        cpu.Tape.Record(s_embeddingBackward, y, tokens, table, positions, places)?.Set(firstPosition);
        return y;
    }

    private static void EmbeddingBackward(TapeEntry entry)
    {
        const string op = "embedding_backward";
        Tensor tokens = entry[0], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(dy, op);
        long columns = dy.Shape[-1], length = tokens.Shape[-1];
        if (entry.Wants(1)) TableGradient(cpu, tokens, dy, entry.GradTarget(1, out bool accumulate), accumulate);
        if (!entry.Wants(2)) return;
        var dpositions = entry.GradTarget(2, out bool add);
        if (!entry[3].IsNone)
        {
            TableGradient(cpu, entry[3], dy, dpositions, add);
            return;
        }
        var rows = RowBlocks.ForRows(dpositions.Shape[0], columns);
        cpu.Workers.Run(rows.Count, new PositionGradient(rows, entry.Get<long>(), length, tokens.Count / Math.Max(1, length), dy.F32(op), columns,
            dpositions.F32(op), add));
    }

    /// <summary>dtable[i] = or += the sum of dy's rows where the id is i, in the order of the text.</summary>
    private static void TableGradient(CpuDevice cpu, Tensor ids, Tensor dy, Tensor dtable, bool accumulate)
    {
        const string op = "embedding_backward";
        long columns = dy.Shape[-1];
        int count = (int)dtable.Shape[0];
        if (accumulate) cpu.Profile?.AddBytes(2 * (dy.ByteLength - dtable.ByteLength));   // the rows that were named, read and written
        Tensor ends = cpu.Zeros(new Shape(count + 1), DType.Int32), order = cpu.Empty(new Shape(ids.Count), DType.Int32);
        int* starts = ends.Data<int>(DType.Int32, op), rows = order.Data<int>(DType.Int32, op);
        cpu.Workers.Run(1, new SortById(ids.Data<int>(DType.Int32, op), (int)ids.Count, count, starts, rows));
        var blocks = RowBlocks.ForRows(count, columns);
        cpu.Workers.Run(blocks.Count, new EmbeddingGradient(blocks, starts, rows, dy.F32(op), columns, dtable.F32(op), accumulate));
        cpu.Release(ends.Live());
        cpu.Release(order.Live());
    }

    private static void CheckEmbedding(string op, Tensor tokens, Tensor table, Tensor positions)
    {
        if (tokens.Shape.Rank is not (1 or 2)) throw new ArgumentException($"[{op}] tokens {tokens.Shape} are not [B, T] or [T].");
        if (table.Shape.Rank != 2) throw new ArgumentException($"[{op}] the table {table.Shape} is not [vocabulary, width].");
        if (positions.IsNone) return;
        if (positions.Shape.Rank != 2 || positions.Shape[1] != table.Shape[1])
            throw new ArgumentException($"[{op}] positions {positions.Shape} are not [places, {table.Shape[1]}], as the table {table.Shape} needs.");
    }

    /// <summary>Refuses an id that is not in [0, <paramref name="vocabulary"/>), with its place.</summary>
    internal static void CheckIds(string op, int* ids, Shape shape, long vocabulary, string name = "id", string table = "vocabulary")
    {
        for (long i = 0; i < shape.Count; i++)
        {
            if ((uint)ids[i] < (ulong)vocabulary) continue;
            string place = shape.Rank == 2 ? $"[{i / shape[1]}, {i % shape[1]}]" : $"[{i}]";
            throw new ArgumentException($"[{op}] the {name} {ids[i]} at {place} of {shape} is not in the {table} of {vocabulary}.");
        }
    }

    /// <summary>
    /// A counting sort, stable so that the places of an id stand in the order of the text: afterwards they are
    /// places[starts[id]] to places[starts[id + 1] − 1]. <paramref name="starts"/> has V + 1 zeros to begin with.
    /// </summary>
    private readonly struct SortById(int* ids, int count, int vocabulary, int* starts, int* places) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (int i = 0; i < count; i++) starts[ids[i] + 1]++;
            for (int id = 0; id < vocabulary; id++) starts[id + 1] += starts[id];
            for (int i = 0; i < count; i++) places[starts[ids[i]]++] = i;
            for (int id = vocabulary; id > 0; id--) starts[id] = starts[id - 1];   // each start has moved to its id's end, the next id's start
            starts[0] = 0;
        }
    }

    private readonly struct EmbeddingRows(RowBlocks blocks, int* ids, float* table, float* positions, int* places, long length, long columns, float* y)
        : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = table + ids[row] * columns, to = y + row * columns;
                long place = places == null ? row % length : places[row];
                if (positions != null) RowMath.Add(from, positions + place * columns, to, columns);
                else Buffer.MemoryCopy(from, to, columns * sizeof(float), columns * sizeof(float));
            }
        }
    }

    /// <summary>A tile owns rows of the table: each is the sum over the places of its id, in the order of the text.</summary>
    private readonly struct EmbeddingGradient(RowBlocks blocks, int* starts, int* places, float* dy, long columns, float* dtable, bool accumulate)
        : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long id = blocks.Start(tile); id < blocks.End(tile); id++)
            {
                float* to = dtable + id * columns;
                if (!accumulate) new Span<float>(to, (int)columns).Clear();
                for (int p = starts[id]; p < starts[id + 1]; p++) RowMath.Add(to, dy + places[p] * columns, to, columns);
            }
        }
    }

    /// <summary>A tile owns rows of the position table: each is the sum over the sequences, in order.</summary>
    private readonly struct PositionGradient(RowBlocks blocks, long firstPosition, long length, long sequences, float* dy, long columns,
        float* dpositions, bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* to = dpositions + row * columns;
                if (!accumulate) new Span<float>(to, (int)columns).Clear();
                long t = row - firstPosition;
                if (t < 0 || t >= length) continue;
                for (long b = 0; b < sequences; b++) RowMath.Add(to, dy + (b * length + t) * columns, to, columns);
            }
        }
    }
}
