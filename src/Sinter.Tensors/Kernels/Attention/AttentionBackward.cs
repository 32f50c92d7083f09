using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Where the gradients of the three roles go, with the strides of the roles themselves; null where none is wanted.</summary>
internal unsafe struct AttentionGradients
{
    public float* Output, OutputGrad, LogSums, DQ, DK, DV;
    public bool AddQ, AddK, AddV;
}

/// <summary>
/// The gradients of an attention from its output and log sums (Dao et al., 2022, algorithm 4): the probabilities of a block are made again.
/// A tile is one sequence and one key and value head with all its query heads, so that each gradient has one owner and one order.
/// </summary>
internal readonly unsafe struct AttentionBackward : ITileBody
{
    private const int Block = AttentionShape.Block;
    private readonly AttentionShape _shape;
    private readonly AttentionGradients _g;
    private readonly byte* _scratch;
    private readonly long _perWorker;

    private AttentionBackward(AttentionShape shape, AttentionGradients gradients, byte* scratch, long perWorker)
    {
        _shape = shape;
        _g = gradients;
        _scratch = scratch;
        _perWorker = perWorker;
    }

    public static void Run(CpuDevice cpu, AttentionShape shape, AttentionGradients gradients)
    {
        long perWorker = new Scratch(shape, null).Bytes;
        cpu.Workers.Run(checked((int)(shape.Batch * shape.KvHeads)),
            new AttentionBackward(shape, gradients, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker));
    }

    public void Run(int tile, int worker)
    {
        ref readonly var s = ref _shape;
        var x = new Scratch(s, _scratch + _perWorker * worker);
        int kvHead = tile % s.KvHeads, keys = (int)s.Keys, padded = (int)MatrixPlan.RoundUp(keys, s.Kernel.Rows);
        long batch = tile / s.KvHeads;
        SmallProduct.CopyRows(s.Key(batch, kvHead, 0), s.KRow, keys, s.HeadSize, x.Keys, s.Width, padded);
        SmallProduct.CopyRows(s.Value(batch, kvHead, 0), s.VRow, keys, s.HeadSize, x.Values, s.Width, padded);
        new Span<float>(x.DK, padded * s.Width).Clear();
        new Span<float>(x.DV, padded * s.Width).Clear();
        for (int head = kvHead * s.GroupSize; head < (kvHead + 1) * s.GroupSize; head++)
            for (long query = 0; query < s.Queries; query += Block)
                QueryBlock(x, batch, head, query, (int)Math.Min(Block, s.Queries - query));
        if (_g.DK != null) Write(x.DK, s.Width, keys, _g.DK + (s.Key(batch, kvHead, 0) - s.K), s.KRow, s.HeadSize, _g.AddK, 1);
        if (_g.DV != null) Write(x.DV, s.Width, keys, _g.DV + (s.Value(batch, kvHead, 0) - s.V), s.VRow, s.HeadSize, _g.AddV, 1);
    }

    private void QueryBlock(in Scratch x, long batch, int head, long query, int queries)
    {
        ref readonly var s = ref _shape;
        long outputRow = (long)s.Heads * s.HeadSize, offset = ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize;
        x.Queries.Fill(s, s.Query(batch, head, query), s.QRow, queries, s.Scale);
        x.DOutput.Fill(s, _g.OutputGrad + offset, outputRow, queries, 1);
        RowDots(x, _g.Output + offset, outputRow, queries);
        new ReadOnlySpan<float>(_g.LogSums + (batch * s.Heads + head) * s.Queries + query, queries).CopyTo(new Span<float>(x.LogSums, Block));
        new Span<float>(x.DQ, (int)MatrixPlan.RoundUp(queries, s.Kernel.Rows) * s.Width).Clear();
        int* segments = s.CopySegments(batch, query, queries, x.Segments);
        long end = s.EndKey(query + queries - 1);
        for (long key = s.FirstBlock(query); key < end; key += Block)
            KeyBlock(x, s.Mask(batch, query, key, segments), batch, head, query, queries, key, (int)Math.Min(Block, end - key));
        if (_g.DQ != null) Write(x.DQ, s.Width, queries, _g.DQ + (s.Query(batch, head, query) - s.Q), s.QRow, s.HeadSize, _g.AddQ, s.Scale);
    }

    private void KeyBlock(in Scratch x, in BlockMask mask, long batch, int head, long query, int queries, long key, int keys)
    {
        ref readonly var s = ref _shape;
        if (mask.IsEmpty(queries, keys)) return;
        SmallProduct.Scores(s, mask, keys, queries, x.Keys + key * s.Width, x.Queries.Across, x.Scores);
        SmallProduct.Scores(s, mask, keys, queries, x.Values + key * s.Width, x.DOutput.Across, x.DScores);
        for (int k = 0; k < keys; k++)
        {
            // From the first query whose product tile, or whose key's product tile, takes in this key.
            int first = Math.Max(0, mask.FirstQuery(k) - s.Kernel.Rows + 1) & -Vec.Count;
            if (first >= queries) break;
            if (s.Dropout == 0 && s.SoftCap == 0)
            {
                Row(x, mask, k, first, queries);
                continue;
            }
            new Span<float>(x.Kept, Block).Fill(1);
            if (s.Dropout > 0) AttentionDropout.Apply(s, x.Kept + first, batch, head, key + k, query + first, queries - first);
            for (int q = first; q < queries; q += Vec.Count) Vector(x, mask, k, q);
        }
        // The last tile of keys reaches into keys that only later queries see: it must add nothing to them.
        int reach = ((int)MatrixPlan.RoundUp(keys, s.Kernel.Rows) - keys) * Block;
        new Span<float>(x.Scores + keys * Block, reach).Clear();
        new Span<float>(x.DScores + keys * Block, reach).Clear();
        if (_g.DV != null) SmallProduct.ByKey(s, mask, keys, queries, x.Scores, x.DOutput.Rows, x.DV + key * s.Width);
        if (_g.DK != null) SmallProduct.ByKey(s, mask, keys, queries, x.DScores, x.Queries.Rows, x.DK + key * s.Width);
        if (_g.DQ != null) SmallProduct.ByQuery(s, mask, keys, queries, x.DScores, x.Keys + key * s.Width, x.DQ);
    }

    /// <summary>For one key: P = exp(S − log sum) into Scores and dS = P ∘ (dP − D) into DScores.</summary>
    private static void Row(in Scratch x, in BlockMask mask, int key, int first, int queries)
    {
        float* scores = x.Scores + key * Block, gradients = x.DScores + key * Block, logSums = x.LogSums, dots = x.Dots;
        for (int q = first; q < queries; q += Vec.Count)
        {
            var p = VectorMath.Exp(Vector512.Load(scores + q) - Vector512.Load(logSums + q));
            if (!mask.SeesAll(q, key)) p = Seen(mask, q, key, p, gradients);
            Vector512.Store(p, scores + q);
            Vector512.Store(p * (Vector512.Load(gradients + q) - Vector512.Load(dots + q)), gradients + q);
        }
    }

    /// <summary>Zero where a query does not see the key, in dP as well: what is not seen may not have been multiplied at all.</summary>
    private static Vec Seen(in BlockMask mask, int query, int key, Vec p, float* gradients)
    {
        var seen = mask.Sees(query, key);
        Vector512.Store(Vector512.Load(gradients + query) & seen, gradients + query);
        return p & seen;
    }

    /// <summary>The same for sixteen queries with soft cap and dropout: P in Scores is what dV takes, weights dropped.</summary>
    private void Vector(in Scratch x, in BlockMask mask, int key, int query)
    {
        float* at = x.Scores + key * Block + query, dAt = x.DScores + key * Block + query;
        Vec score = Vector512.Load(at), slope = Vec.One, kept = Vector512.Load(x.Kept + query);
        if (_shape.SoftCap != 0)
        {
            var t = VectorMath.Tanh(score * (1 / _shape.SoftCap));
            score = t * _shape.SoftCap;
            slope = Vec.One - t * t;
        }
        Vec p = VectorMath.Exp(score - Vector512.Load(x.LogSums + query)), seen = mask.Sees(query, key);
        var ds = p * (Vector512.Load(dAt) * kept - Vector512.Load(x.Dots + query)) * slope;
        Vector512.Store(p * kept & seen, at);
        Vector512.Store(ds & seen, dAt);
    }

    private void RowDots(in Scratch x, float* output, long stride, int queries)
    {
        for (int q = 0; q < queries; q++, output += stride)
        {
            float* d = x.DOutput.Rows + q * _shape.Width;
            Vec sum = default;
            for (int i = 0; i < _shape.HeadSize; i += Vec.Count)
            {
                int count = Math.Min(Vec.Count, _shape.HeadSize - i);
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(d + i), Elementwise.LoadPart(output + i, count), sum);
            }
            x.Dots[q] = VectorMath.Sum(sum);
        }
    }

    private static void Write(float* source, int sourceStride, int rows, float* target, long stride, int width, bool add, float scale)
    {
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < width; i += Vec.Count)
            {
                int count = Math.Min(Vec.Count, width - i);
                float* t = target + r * stride + i;
                var v = Elementwise.LoadPart(source + (long)r * sourceStride + i, count) * scale;
                Elementwise.StorePart(add ? v + Elementwise.LoadPart(t, count) : v, t, count);
            }
    }

    /// <summary>A worker's blocks.</summary>
    private readonly struct Scratch
    {
        public readonly float* Keys, Values, DK, DV, DQ, Scores, DScores, Dots, LogSums, Kept;
        public readonly QueryRows Queries, DOutput;
        public readonly int* Segments;
        public readonly long Bytes;

        public Scratch(in AttentionShape s, byte* memory)
        {
            var at = new ScratchCursor(memory);
            Keys = at.Floats(s.PaddedKeys * s.Width);
            Values = at.Floats(s.PaddedKeys * s.Width);
            DK = at.Floats(s.PaddedKeys * s.Width);
            DV = at.Floats(s.PaddedKeys * s.Width);
            Queries = new QueryRows(s, ref at);
            DOutput = new QueryRows(s, ref at);
            DQ = at.Floats(Block * s.Width);
            Scores = at.Floats(Block * Block);
            DScores = at.Floats(Block * Block);
            Dots = at.Floats(Block);
            LogSums = at.Floats(Block);
            Kept = at.Floats(Block);
            Segments = (int*)at.Floats(Block);
            Bytes = at.Bytes;
        }
    }
}
