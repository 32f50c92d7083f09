using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// The gradients of an attention from its output and log sums (Dao et al., 2022, algorithm 4): the probabilities of a block are made again.
/// A tile is one sequence, one key and value head, and its share of the blocks of queries that go with it: a gradient of queries has one owner. Where
/// a group has several tiles, each has gradients of all keys and values of its own, which a second pass adds in their order.
/// </summary>
/// <remarks>
/// A block is worked on in panels of as many keys as the micro-kernel has rows: scores, probabilities and their gradients of a panel are in the
/// first-level cache when the products for its keys and values take them. Only the gradients of the scores are kept for the block, for the queries.
/// </remarks>
internal readonly unsafe struct AttentionBackward : ITileBody
{
    private const int Block = AttentionShape.QueryBlock;
    private readonly AttentionShape _shape;
    private readonly AttentionGradients _g;
    private readonly byte* _scratch, _partial;
    private readonly long _perWorker, _perTile;

    private AttentionBackward(AttentionShape shape, AttentionGradients gradients, byte* scratch, long perWorker, byte* partial, long perTile)
    {
        _shape = shape;
        _g = gradients;
        _scratch = scratch;
        _perWorker = perWorker;
        _partial = partial;
        _perTile = perTile;
    }

    public static void Run(CpuDevice cpu, AttentionShape shape, AttentionGradients gradients)
    {
        if (shape.Groups == 0) return;
        int tiles = checked((int)(shape.Groups * shape.Splits)), workers = cpu.Workers.Count;
        long perWorker = new BackwardScratch(shape, null).Bytes, perTile = shape.Splits > 1 ? 2 * shape.PaddedKeys * shape.Width * sizeof(float) : 0;
        byte* memory = cpu.Working.Get(perWorker * workers + perTile * tiles), partial = memory + perWorker * workers;
        cpu.Workers.Run(tiles, new AttentionBackward(shape, gradients, memory, perWorker, partial, perTile));
        if (perTile > 0) AttentionPartialSums.Run(cpu, shape, gradients, (float*)partial);
    }

    public void Run(int tile, int worker)
    {
        ref readonly var s = ref _shape;
        int splits = s.Splits, keys = (int)s.Keys;
        var (batch, kvHead) = s.Place(tile);
        var x = new BackwardScratch(s, _scratch + _perWorker * worker, _perTile == 0 ? null : (float*)(_partial + _perTile * tile));
        x.Keys.Fill(s, s.Key(batch, kvHead, 0), s.KRow, keys, s.ElementSize);
        x.Values.Fill(s, s.Value(batch, kvHead, 0), s.VRow, keys, s.ElementSize);
        new Span<bool>(x.Reached, (int)(s.PaddedKeys / s.Kernel.Rows)).Clear();
        for (int unit = tile % splits; unit < s.Units; unit += splits)
        {
            long query = (long)(unit / s.GroupSize) * Block;
            var ahead = Ahead(tile, unit);
            QueryBlock(x, batch, kvHead * s.GroupSize + unit % s.GroupSize, query, (int)Math.Min(Block, s.Queries - query), ref ahead);
        }
        for (int key = 0; key < keys; key += s.Kernel.Rows)
            if (!x.Reached[key / s.Kernel.Rows]) x.ClearGradients(s, key);
        if (_perTile > 0) return;
        if (_g.DK != null) HeadRows.Write(x.DK, s.Width, keys, s.HeadSize, _g.Keys(s, batch, kvHead, 0), s.KRow, s.Scale, _g.AddK);
        if (_g.DV != null) HeadRows.Write(x.DV, s.Width, keys, s.HeadSize, _g.Values(s, batch, kvHead, 0), s.VRow, 1, _g.AddV);
    }

    /// <summary>What the next block of queries reads, and with a tile's last block what the next tile reads and this one writes.</summary>
    private RowsAhead Ahead(int tile, int unit)
    {
        ref readonly var s = ref _shape;
        var ahead = new RowsAhead(s.HeadSize);
        int splits = s.Splits;
        bool isLast = unit + splits >= s.Units;
        if (isLast && _perTile == 0 && _g.DQ != null && _g.DK != null && _g.DV != null)
        {
            var (batch, kvHead) = s.Place(tile);
            ahead.Add(_g.Keys(s, batch, kvHead, 0), s.KRow, s.Keys);
            ahead.Add(_g.Values(s, batch, kvHead, 0), s.VRow, s.Keys);
        }
        (tile, unit) = isLast ? (tile + 1, (tile + 1) % splits) : (tile, unit + splits);
        if (tile >= s.Groups * splits) return ahead;
        var (nextBatch, nextHead) = s.Place(tile);
        long query = (long)(unit / s.GroupSize) * Block, queries = s.Queries - query;
        int head = nextHead * s.GroupSize + unit % s.GroupSize;
        long width = (long)s.Heads * s.HeadSize, offset = (nextBatch * s.Queries + query) * width + (long)head * s.HeadSize;
        ahead.Add(s.Query(nextBatch, head, query), s.QRow, queries, s.ElementSize);
        ahead.Add(_g.OutputGrad + offset, width, queries);
        ahead.Add(_g.Output + offset, width, queries);
        if (!isLast) return ahead;
        ahead.Add(s.Key(nextBatch, nextHead, 0), s.KRow, s.Keys, s.ElementSize);
        ahead.Add(s.Value(nextBatch, nextHead, 0), s.VRow, s.Keys, s.ElementSize);
        return ahead;
    }

    private void QueryBlock(in BackwardScratch x, long batch, int head, long query, int queries, ref RowsAhead ahead)
    {
        ref readonly var s = ref _shape;
        long outputRow = (long)s.Heads * s.HeadSize, offset = ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize;
        x.Queries.Fill(s, s.Query(batch, head, query), s.QRow, queries, s.ElementSize);
        x.DOutput.Fill(s, (byte*)(_g.OutputGrad + offset), outputRow, queries, sizeof(float));
        HeadRows.Dots(_g.OutputGrad + offset, _g.Output + offset, outputRow, queries, s.HeadSize, s.IsBFloat16, x.Dots);
        new ReadOnlySpan<float>(_g.LogSums + (batch * s.Heads + head) * s.Queries + query, queries).CopyTo(new Span<float>(x.LogSums, Block));
        // Queries beyond the last: probability and gradient 0.
        new Span<float>(x.LogSums + queries, Block - queries).Fill(float.PositiveInfinity);
        new Span<float>(x.Dots + queries, Block - queries).Clear();
        int* segments = s.CopySegments(batch, query, queries, x.Segments);
        long end = s.EndKey(query + queries - 1);
        bool first = true;
        for (long key = s.FirstBlock(query); key < end; key += AttentionShape.KeyBlock)
        {
            int keys = (int)Math.Min(AttentionShape.KeyBlock, end - key);
            var mask = s.Mask(batch, query, key, segments);
            if (mask.IsEmpty(queries, keys)) continue;
            for (int k = 0; k < keys; k += s.Kernel.Rows)
            {
                ahead.Next();
                Panel(x, mask, batch, head, query, queries, key, k, Math.Min(s.Kernel.Rows, keys - k));
            }
            if (_g.DQ != null) BlockProduct.ByQuery(s, mask, keys, queries, x.DScores, x.Keys.Steps + key / s.StepLength * s.Width, x.DQ, !first);
            first = false;
        }
        if (_g.DQ == null) return;
        if (first) new Span<float>(x.DQ, queries * s.Width).Clear();
        HeadRows.Write(x.DQ, s.Width, queries, s.HeadSize, _g.DQ + s.QueryOffset(batch, head, query), s.QRow, s.Scale, _g.AddQ);
    }

    /// <summary>The keys from <paramref name="k"/> of a block on, as many as the micro-kernel has rows or fewer at the end.</summary>
    private void Panel(in BackwardScratch x, in BlockMask mask, long batch, int head, long query, int queries, long key, int k, int keys)
    {
        ref readonly var s = ref _shape;
        int seen = mask.FirstQuery(k), first = mask.FirstTile(s, k), rows = s.Kernel.Rows;
        if (seen >= queries) return;
        float* p = x.P, ds = x.PanelGradients(s, k);
        BlockProduct.Scores(s, x.Keys.Rows + (key + k) * s.RowStride, x.Queries.Turned, p, first, queries);
        BlockProduct.Scores(s, x.Values.Rows + (key + k) * s.RowStride, x.DOutput.Turned, ds, first, queries);
        for (int r = 0; r < keys; r++)
            if (s.Dropout == 0 && !s.CapsScores) Row(x, mask, k + r, p + r * Block, ds + r * Block, first, queries);
            else CappedRow(x, mask, batch, head, query, queries, key + k + r, k + r, p + r * Block, ds + r * Block, first);
        // The last tile of keys reaches into keys that only later queries see: it must add nothing to them.
        new Span<float>(p + keys * Block, (rows - keys) * Block).Clear();
        new Span<float>(ds + keys * Block, (rows - keys) * Block).Clear();
        x.Pack(s, k, first, queries);
        bool add = x.Reached[(key + k) / rows];
        x.Reached[(key + k) / rows] = true;
        if (_g.DV != null) BlockProduct.ByKey(s, x.PSteps, x.DOutput.Packed.Steps, x.DV + (key + k) * s.Width, seen, queries, add);
        if (_g.DK != null) BlockProduct.ByKey(s, x.PanelGradientSteps(s, k), x.Queries.Packed.Steps, x.DK + (key + k) * s.Width, seen, queries, add);
    }

    /// <summary>For one key: P = 2^(S · factor − log sum) over the scores and dS = P ∘ (dP − D) over dP.</summary>
    private void Row(in BackwardScratch x, in BlockMask mask, int key, float* p, float* ds, int first, int queries)
    {
        float* logSums = x.LogSums, dots = x.Dots;
        var factor = Vector512.Create(_shape.Factor);
        for (int q = first; q < queries; q += Vec.Count)
        {
            Vec weight = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(Vector512.Load(p + q), factor, -Vector512.Load(logSums + q))),
                gradient = weight * (Vector512.Load(ds + q) - Vector512.Load(dots + q));
            if (!mask.SeesAll(q, key))
            {
                var seen = mask.Sees(q, key);
                (weight, gradient) = (weight & seen, gradient & seen);
            }
            Vector512.Store(weight, p + q);
            Vector512.Store(gradient, ds + q);
        }
    }

    /// <summary>The same with soft cap and dropout: P is what dV takes, weights dropped.</summary>
    private void CappedRow(in BackwardScratch x, in BlockMask mask, long batch, int head, long query, int queries, long key, int k, float* p,
        float* ds, int first)
    {
        ref readonly var s = ref _shape;
        new Span<float>(x.Kept, Block).Fill(1);
        if (s.Dropout > 0) AttentionDropout.Apply(s, x.Kept + first, batch, head, key, query + first, queries - first);
        for (int q = first; q < queries; q += Vec.Count)
        {
            Vec score = Vector512.Load(p + q), slope = Vec.One, kept = Vector512.Load(x.Kept + q);
            if (s.CapsScores) score = Capped(score, ref slope);
            Vec weight = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(score, Vector512.Create(s.Factor), -Vector512.Load(x.LogSums + q))),
                seen = mask.Sees(q, k), gradient = weight * (Vector512.Load(ds + q) * kept - Vector512.Load(x.Dots + q)) * slope;
            Vector512.Store(weight * kept & seen, p + q);
            Vector512.Store(gradient & seen, ds + q);
        }
    }

    private Vec Capped(Vec score, ref Vec slope)
    {
        score *= _shape.Scale;
        if (_shape.SoftCap == 0) return score;
        var t = VectorMath.Tanh(score * (1 / _shape.SoftCap));
        slope = Vec.One - t * t;
        return t * _shape.SoftCap;
    }
}
