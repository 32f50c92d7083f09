using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Attention in blocks with the online softmax (Milakov and Gimelshein, 2018; Dao et al., 2022, algorithm 1): scores of a block of queries and a
/// block of keys live in scratch memory only. A tile is one sequence, one key and value head with its query heads, and every <see cref="_splits"/>-th
/// block of queries.
/// </summary>
internal readonly unsafe struct AttentionForward : ITileBody
{
    private const int Block = AttentionShape.Block;
    private const int WantedTiles = 8;
    private readonly AttentionShape _shape;
    private readonly float* _output, _logSums;
    private readonly byte* _scratch;
    private readonly long _perWorker;
    private readonly int _splits;

    private AttentionForward(AttentionShape shape, float* output, float* logSums, byte* scratch, long perWorker, int splits)
    {
        _shape = shape;
        _output = output;
        _logSums = logSums;
        _scratch = scratch;
        _perWorker = perWorker;
        _splits = splits;
    }

    /// <summary>output [B, T, H·D]; logSums [B, H, T] gets log Σ exp(scores), or is null.</summary>
    public static void Run(CpuDevice cpu, AttentionShape shape, float* output, float* logSums)
    {
        long groups = shape.Batch * shape.KvHeads, blocks = (shape.Queries + Block - 1) / Block;
        if (groups * blocks == 0) return;
        int splits = (int)Math.Min(blocks, Math.Max(1, (WantedTiles + groups - 1) / groups));
        long perWorker = new Scratch(shape, null).Bytes;
        cpu.Workers.Run(checked((int)(groups * splits)),
            new AttentionForward(shape, output, logSums, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker, splits));
    }

    public void Run(int tile, int worker)
    {
        ref readonly var s = ref _shape;
        var scratch = new Scratch(s, _scratch + _perWorker * worker);
        int split = tile % _splits, kvHead = tile / _splits % s.KvHeads, keys = (int)s.Keys, padded = (int)MatrixPlan.RoundUp(keys, s.Kernel.Rows);
        long batch = tile / _splits / s.KvHeads;
        SmallProduct.CopyRows(s.Key(batch, kvHead, 0), s.KRow, keys, s.HeadSize, scratch.Keys, s.Width, padded);
        SmallProduct.CopyRows(s.Value(batch, kvHead, 0), s.VRow, keys, s.HeadSize, scratch.Values, s.Width, keys);
        for (int head = kvHead * s.GroupSize; head < (kvHead + 1) * s.GroupSize; head++)
            for (long query = (long)split * Block; query < s.Queries; query += (long)_splits * Block)
                QueryBlock(scratch, batch, head, query, (int)Math.Min(Block, s.Queries - query));
    }

    private void QueryBlock(in Scratch x, long batch, int head, long query, int queries)
    {
        ref readonly var s = ref _shape;
        x.Queries.Fill(s, s.Query(batch, head, query), s.QRow, queries, s.Scale);
        new Span<float>(x.Output, (int)MatrixPlan.RoundUp(queries, s.Kernel.Rows) * s.Width).Clear();
        new Span<float>(x.Max, Block).Fill(float.NegativeInfinity);
        new Span<float>(x.Sum, Block).Clear();
        int* segments = s.CopySegments(batch, query, queries, x.Segments);
        long end = s.EndKey(query + queries - 1);
        bool first = true;
        for (long key = s.FirstBlock(query); key < end; key += Block)
        {
            int keys = (int)Math.Min(Block, end - key);
            var mask = s.Mask(batch, query, key, segments);
            if (mask.IsEmpty(queries, keys)) continue;
            SmallProduct.Scores(s, mask, keys, queries, x.Keys + key * s.Width, x.Queries.Across, x.Scores);
            for (int q = 0; q < queries; q += Vec.Count) Softmax(x, mask, q, keys);
            if (s.Dropout > 0) Drop(x, mask, batch, head, query, queries, key, keys);
            if (!first) Rescale(x, queries);
            SmallProduct.ByQuery(s, mask, keys, queries, x.Scores, x.Values + key * s.Width, x.Output);
            first = false;
        }
        Store(x, batch, head, query, queries);
    }

    /// <summary>The online softmax of sixteen queries over the block's keys.</summary>
    private void Softmax(in Scratch x, in BlockMask mask, int query, int keys)
    {
        ref readonly var s = ref _shape;
        float* scores = x.Scores + query;
        int seen = mask.End(query + Vec.Count - 1, keys);
        if (s.SoftCap != 0) ScoreBlock.Cap(scores, seen, s.SoftCap);
        mask.Hide(scores, query, seen);
        Vec nothing = Vector512.Create(float.NegativeInfinity), before = Vector512.Load(x.Max + query), max = ScoreBlock.Max(scores, seen, before);
        var shift = Vector512.ConditionalSelect(Vector512.Equals(max, nothing), Vec.Zero, max);
        Vec sum = ScoreBlock.Exp(scores, seen, shift), decay = VectorMath.Exp(before - shift);
        Vector512.Store(max, x.Max + query);
        Vector512.Store(decay, x.Decay + query);
        Vector512.Store(Vector512.Load(x.Sum + query) * decay + sum, x.Sum + query);
        // As far as a product's tile with one of these queries reads.
        ScoreBlock.Clear(scores, seen, mask.End(query + Vec.Count + s.Kernel.Rows - 2, keys));
    }

    private void Drop(in Scratch x, in BlockMask mask, long batch, int head, long query, int queries, long key, int keys)
    {
        for (int k = 0; k < keys; k++)
        {
            int first = mask.FirstQuery(k) & -Vec.Count;
            if (first < queries) AttentionDropout.Apply(_shape, x.Scores + k * Block + first, batch, head, key + k, query + first, queries - first);
        }
    }

    private void Rescale(in Scratch x, int queries)
    {
        for (int q = 0; q < queries; q++)
            if (x.Decay[q] != 1) ScoreBlock.Scale(x.Output + q * _shape.Width, x.Output + q * _shape.Width, _shape.Width, x.Decay[q]);
    }

    private void Store(in Scratch x, long batch, int head, long query, int queries)
    {
        ref readonly var s = ref _shape;
        float* logSums = _logSums == null ? null : _logSums + (batch * s.Heads + head) * s.Queries + query;
        for (int q = 0; q < queries; q += Vec.Count)
        {
            Vec sum = Vector512.Load(x.Sum + q), none = Vector512.Equals(sum, Vec.Zero);   // a query that sees no key
            Vector512.Store(Vector512.AndNot(Vec.One / sum, none), x.Decay + q);
            if (logSums == null) continue;
            var log = Vector512.AndNot(Vector512.Load(x.Max + q) + Vector512.Log(sum), none);
            Elementwise.StorePart(log, logSums + q, Math.Min(Vec.Count, queries - q));
        }
        float* output = _output + ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize;
        for (int q = 0; q < queries; q++, output += (long)s.Heads * s.HeadSize)
            ScoreBlock.Scale(x.Output + q * s.Width, output, s.HeadSize, x.Decay[q]);
    }

    /// <summary>A worker's blocks.</summary>
    private readonly struct Scratch
    {
        public readonly float* Keys, Values, Scores, Output, Max, Sum, Decay;
        public readonly QueryRows Queries;
        public readonly int* Segments;
        public readonly long Bytes;

        public Scratch(in AttentionShape s, byte* memory)
        {
            var at = new ScratchCursor(memory);
            Keys = at.Floats(s.PaddedKeys * s.Width);
            Values = at.Floats(s.PaddedKeys * s.Width);
            Queries = new QueryRows(s, ref at);
            Scores = at.Floats(Block * Block);
            Output = at.Floats(Block * s.Width);
            Max = at.Floats(Block);
            Sum = at.Floats(Block);
            Decay = at.Floats(Block);
            Segments = (int*)at.Floats(Block);
            Bytes = at.Bytes;
        }
    }
}
