using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Attention in blocks with the online softmax (Milakov and Gimelshein, 2018; Dao et al., 2022, algorithm 1): scores of a block of queries and a
/// block of keys live in scratch memory only. A tile is one sequence, one key and value head, and its share of the blocks of queries that go with it.
/// </summary>
internal readonly unsafe struct AttentionForward : ITileBody
{
    private const int Block = AttentionShape.QueryBlock;
    private readonly AttentionShape _shape;
    private readonly float* _output, _logSums;
    private readonly byte* _scratch;
    private readonly long _perWorker;

    private AttentionForward(AttentionShape shape, float* output, float* logSums, byte* scratch, long perWorker)
    {
        _shape = shape;
        _output = output;
        _logSums = logSums;
        _scratch = scratch;
        _perWorker = perWorker;
    }

    /// <summary>output [B, T, H·D]; logSums [B, H, T] gets log₂ Σ exp(scores), or is null.</summary>
    public static void Run(CpuDevice cpu, AttentionShape shape, float* output, float* logSums)
    {
        if (shape.Groups * shape.Queries == 0) return;
        long perWorker = new ForwardScratch(shape, null).Bytes;
        cpu.Workers.Run(checked((int)(shape.Groups * shape.Splits)),
            new AttentionForward(shape, output, logSums, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker));
    }

    public void Run(int tile, int worker)
    {
        ref readonly var s = ref _shape;
        var x = new ForwardScratch(s, _scratch + _perWorker * worker);
        int splits = s.Splits, keys = (int)s.Keys;
        var (batch, kvHead) = s.Place(tile);
        x.Keys.Fill(s, s.Key(batch, kvHead, 0), s.KRow, keys, s.ElementSize);
        x.Values.Fill(s, s.Value(batch, kvHead, 0), s.VRow, keys, s.ElementSize);
        for (int unit = tile % splits; unit < s.Units; unit += splits)
        {
            long query = (long)(unit / s.GroupSize) * Block;
            var ahead = Ahead(tile, unit);
            QueryBlock(x, batch, kvHead * s.GroupSize + unit % s.GroupSize, query, (int)Math.Min(Block, s.Queries - query), ref ahead);
        }
    }

    /// <summary>What the next block of queries reads, with a tile's last block what the next tile reads.</summary>
    private RowsAhead Ahead(int tile, int unit)
    {
        ref readonly var s = ref _shape;
        var ahead = new RowsAhead(s.HeadSize);
        int splits = s.Splits;
        bool isLast = unit + splits >= s.Units;
        (tile, unit) = isLast ? (tile + 1, (tile + 1) % splits) : (tile, unit + splits);
        if (tile >= s.Groups * splits) return ahead;
        var (batch, kvHead) = s.Place(tile);
        long query = (long)(unit / s.GroupSize) * Block;
        ahead.Add(s.Query(batch, kvHead * s.GroupSize + unit % s.GroupSize, query), s.QRow, s.Queries - query, s.ElementSize);
        if (!isLast) return ahead;
        ahead.Add(s.Key(batch, kvHead, 0), s.KRow, s.Keys, s.ElementSize);
        ahead.Add(s.Value(batch, kvHead, 0), s.VRow, s.Keys, s.ElementSize);
        return ahead;
    }

    private void QueryBlock(in ForwardScratch x, long batch, int head, long query, int queries, ref RowsAhead ahead)
    {
        ref readonly var s = ref _shape;
        x.Queries.Fill(s, s.Query(batch, head, query), s.QRow, queries, s.ElementSize);
        int* segments = s.CopySegments(batch, query, queries, x.Segments);
        long end = s.EndKey(query + queries - 1);
        bool first = true;
        for (long key = s.FirstBlock(query); key < end; key += AttentionShape.KeyBlock)
        {
            int keys = (int)Math.Min(AttentionShape.KeyBlock, end - key);
            var mask = s.Mask(batch, query, key, segments);
            if (mask.IsEmpty(queries, keys)) continue;
            Scores(x, mask, key, keys, queries, ref ahead);
            for (int q = 0; q < queries; q += Vec.Count) Softmax(x, mask, q, keys, first);
            if (s.Dropout > 0) Drop(x, mask, batch, head, query, queries, key, keys);
            if (s.IsBFloat16)
                for (int q = 0; q < queries; q += Vec.Count)
                    StepPacking.Column(x.Scores + q, s.Steps(Reach(mask, q, keys)), x.Weights + q);
            if (!first) HeadRows.Scale(x.Output, s.Width, queries, s.Width, x.Output, s.Width, x.Decay);
            BlockProduct.ByQuery(s, mask, keys, queries, x.Weights, x.Values.Steps + key / s.StepLength * s.Width, x.Output, !first);
            first = false;
        }
        if (first) Nothing(x, queries);
        Store(x, batch, head, query, queries);
    }

    private void Scores(in ForwardScratch x, in BlockMask mask, long key, int keys, int queries, ref RowsAhead ahead)
    {
        ref readonly var s = ref _shape;
        for (int k = 0; k < keys; k += s.Kernel.Rows)
        {
            ahead.Next();
            BlockProduct.Scores(s, x.Keys.Rows + (key + k) * s.RowStride, x.Queries.Turned, x.Scores + k * Block, mask.FirstTile(s, k), queries);
        }
    }

    /// <summary>How many of the keys a product's tile with one of the sixteen queries from <paramref name="query"/> on reads.</summary>
    private int Reach(in BlockMask mask, int query, int keys) => mask.End(query + Vec.Count + _shape.Kernel.Rows - 2, keys);

    /// <summary>The online softmax of sixteen queries over the block's keys.</summary>
    private void Softmax(in ForwardScratch x, in BlockMask mask, int query, int keys, bool first)
    {
        ref readonly var s = ref _shape;
        float* scores = x.Scores + query;
        int seen = mask.End(query + Vec.Count - 1, keys);
        if (s.CapsScores) ScoreBlock.Cap(scores, seen, s.Scale, s.SoftCap);
        mask.Hide(scores, query, seen);
        Vec nothing = Vector512.Create(float.NegativeInfinity), factor = Vector512.Create(s.Factor),
            before = first ? nothing : Vector512.Load(x.Max + query), max = ScoreBlock.Max(scores, seen, before);
        var shift = Vector512.ConditionalSelect(Vector512.Equals(max, nothing), Vec.Zero, max * factor);
        var sum = ScoreBlock.Exp2(scores, seen, factor, shift);
        Vector512.Store(max, x.Max + query);
        if (!first)
        {
            var decay = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(before, factor, -shift));
            Vector512.Store(decay, x.Decay + query);
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x.Sum + query), decay, sum);
        }
        Vector512.Store(sum, x.Sum + query);
        ScoreBlock.Clear(scores, seen, Math.Min(Reach(mask, query, keys) + s.StepLength - 1, AttentionShape.KeyBlock));
    }

    private void Drop(in ForwardScratch x, in BlockMask mask, long batch, int head, long query, int queries, long key, int keys)
    {
        for (int k = 0; k < keys; k++)
        {
            int first = mask.FirstQuery(k) & -Vec.Count;
            if (first < queries) AttentionDropout.Apply(_shape, x.Scores + k * Block + first, batch, head, key + k, query + first, queries - first);
        }
    }

    private void Nothing(in ForwardScratch x, int queries)
    {
        new Span<float>(x.Max, Block).Fill(float.NegativeInfinity);
        new Span<float>(x.Sum, Block).Clear();
        new Span<float>(x.Output, queries * _shape.Width).Clear();
    }

    private void Store(in ForwardScratch x, long batch, int head, long query, int queries)
    {
        ref readonly var s = ref _shape;
        float* logSums = _logSums == null ? null : _logSums + (batch * s.Heads + head) * s.Queries + query;
        for (int q = 0; q < queries; q += Vec.Count)
        {
            Vec sum = Vector512.Load(x.Sum + q), none = Vector512.Equals(sum, Vec.Zero);   // a query that sees no key
            Vector512.Store(Vector512.AndNot(Vec.One / sum, none), x.Decay + q);
            if (logSums == null) continue;
            var log = Vector512.FusedMultiplyAdd(Vector512.Load(x.Max + q), Vector512.Create(s.Factor), Vector512.Log2(sum));
            Elementwise.StorePart(Vector512.AndNot(log, none), logSums + q, Math.Min(Vec.Count, queries - q));
        }
        float* output = _output + ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize;
        HeadRows.Scale(x.Output, s.Width, queries, s.HeadSize, output, (long)s.Heads * s.HeadSize, x.Decay);
    }
}
