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
/// The gradients of an attention from its output and log sums (Dao et al., 2022, algorithm 4): the probabilities of a block are made again, never kept.
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
        cpu.Workers.Run(checked((int)(shape.Batch * shape.KvHeads)), new AttentionBackward(shape, gradients, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker));
    }

    public void Run(int tile, int worker)
    {
        var s = _shape;
        var scratch = new Scratch(s, _scratch + _perWorker * worker);
        int kvHead = tile % s.KvHeads, keys = (int)s.Keys, padded = (int)s.PaddedKeys;
        long batch = tile / s.KvHeads;
        SmallProduct.CopyTransposed(s.Key(batch, kvHead, 0), s.KRow, keys, s.HeadSize, scratch.KeysAcross, padded, padded);
        SmallProduct.CopyTransposed(s.Value(batch, kvHead, 0), s.VRow, keys, s.HeadSize, scratch.ValuesAcross, padded, padded);
        SmallProduct.CopyRows(s.Key(batch, kvHead, 0), s.KRow, keys, s.HeadSize, scratch.Keys, s.Width, keys);
        new Span<float>(scratch.DK, padded * s.Width).Clear();
        new Span<float>(scratch.DV, padded * s.Width).Clear();
        for (int head = kvHead * s.GroupSize; head < (kvHead + 1) * s.GroupSize; head++)
            for (long query = 0; query < s.Queries; query += Block)
                QueryBlock(scratch, batch, head, query, (int)Math.Min(Block, s.Queries - query));
        if (_g.DK != null) Write(scratch.DK, s.Width, keys, _g.DK + (s.Key(batch, kvHead, 0) - s.K), s.KRow, s.HeadSize, _g.AddK, 1);
        if (_g.DV != null) Write(scratch.DV, s.Width, keys, _g.DV + (s.Value(batch, kvHead, 0) - s.V), s.VRow, s.HeadSize, _g.AddV, 1);
    }

    private void QueryBlock(in Scratch x, long batch, int head, long query, int rows)
    {
        var s = _shape;
        long outputRow = (long)s.Heads * s.HeadSize;
        float* dOutput = _g.OutputGrad + ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize;
        SmallProduct.CopyRows(s.Query(batch, head, query), s.QRow, rows, s.HeadSize, x.Queries, s.Width, Block, s.Scale);
        SmallProduct.CopyRows(dOutput, outputRow, rows, s.HeadSize, x.DOutput, s.Width, Block);
        RowDots(x, dOutput, _g.Output + (dOutput - _g.OutputGrad), outputRow, rows);
        new Span<float>(x.DQ, Block * s.Width).Clear();
        long end = s.EndKey(query + rows - 1);
        for (long key = s.FirstBlock(query); key < end; key += Block)
            KeyBlock(x, batch, head, query, rows, key, (int)Math.Min(Block, end - key));
        if (_g.DQ != null) Write(x.DQ, s.Width, rows, _g.DQ + (s.Query(batch, head, query) - s.Q), s.QRow, s.HeadSize, _g.AddQ, s.Scale);
    }

    private void KeyBlock(in Scratch x, long batch, int head, long query, int rows, long key, int columns)
    {
        var s = _shape;
        int padded = (int)MatrixPlan.RoundUp(columns, s.Kernel.Columns), reach = (int)MatrixPlan.RoundUp(columns, s.Kernel.Rows);
        SmallProduct.Multiply(s.Kernel, rows, columns, s.HeadSize, x.Queries, s.Width, 1, x.KeysAcross + key, s.PaddedKeys, x.Scores, Block, false);
        SmallProduct.Multiply(s.Kernel, rows, columns, s.HeadSize, x.DOutput, s.Width, 1, x.ValuesAcross + key, s.PaddedKeys, x.DScores, Block, false);
        for (int r = 0; r < rows; r++) Row(x, batch, head, query + r, r, key, padded, reach);
        // dV += Pᵀ · dO and dK += dSᵀ · Q: a transposed block is the same block with its strides exchanged.
        if (_g.DV != null) SmallProduct.Multiply(s.Kernel, columns, s.Width, rows, x.Scores, 1, Block, x.DOutput, s.Width, x.DV + key * s.Width, s.Width, true);
        if (_g.DK != null) SmallProduct.Multiply(s.Kernel, columns, s.Width, rows, x.DScores, 1, Block, x.Queries, s.Width, x.DK + key * s.Width, s.Width, true);
        if (_g.DQ != null) SmallProduct.Multiply(s.Kernel, rows, s.Width, columns, x.DScores, Block, 1, x.Keys + key * s.Width, s.Width, x.DQ, s.Width, true);
    }

    /// <summary>P = exp(S − log sum) into Scores (with dropout, for dV) and dS = P ∘ (dP − D) into DScores.</summary>
    private void Row(in Scratch x, long batch, int head, long query, int row, long key, int padded, int reach)
    {
        var s = _shape;
        float* p = x.Scores + row * Block, d = x.DScores + row * Block, cap = x.Capped;
        if (s.SoftCap != 0)
        {
            ScoreBlock.Cap(p, padded, s.SoftCap);
            new Span<float>(p, padded).CopyTo(new Span<float>(cap, padded));
        }
        ScoreBlock.Mask(p, padded, s.FirstKey(query) - key, s.EndKey(query) - key);
        ScoreBlock.Exp(p, padded, _g.LogSums[(batch * s.Heads + head) * s.Queries + query]);
        if (s.Dropout > 0) AttentionDropout.Apply(s, d, batch, head, query, key, padded);
        var dot = Vector512.Create(x.Dots[row]);
        float inverse = s.SoftCap == 0 ? 0 : 1 / s.SoftCap;
        for (int i = 0; i < padded; i += Vec.Count)
        {
            var ds = Vector512.Load(p + i) * (Vector512.Load(d + i) - dot);
            if (s.SoftCap != 0)
            {
                var t = Vector512.Load(cap + i) * inverse;
                ds *= Vec.One - t * t;
            }
            Vector512.Store(ds, d + i);
        }
        if (s.Dropout > 0) AttentionDropout.Apply(s, p, batch, head, query, key, padded);
        for (int i = padded; i < reach; i++) p[i] = d[i] = 0;   // the transposed products read whole tiles of columns
    }

    private void RowDots(in Scratch x, float* dOutput, float* output, long stride, int rows)
    {
        for (int r = 0; r < rows; r++)
        {
            Vec sum = default;
            for (int i = 0; i < _shape.HeadSize; i += Vec.Count)
            {
                int count = Math.Min(Vec.Count, _shape.HeadSize - i);
                sum += Elementwise.LoadPart(dOutput + r * stride + i, count) * Elementwise.LoadPart(output + r * stride + i, count);
            }
            x.Dots[r] = VectorMath.Sum(sum);
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
        public readonly float* KeysAcross, ValuesAcross, Keys, DK, DV, Queries, DOutput, DQ, Scores, DScores, Dots, Capped;
        public readonly long Bytes;

        public Scratch(in AttentionShape s, byte* memory)
        {
            float* at = (float*)memory;
            KeysAcross = Take(ref at, s.HeadSize * s.PaddedKeys);
            ValuesAcross = Take(ref at, s.HeadSize * s.PaddedKeys);
            Keys = Take(ref at, s.PaddedKeys * s.Width);
            DK = Take(ref at, s.PaddedKeys * s.Width);
            DV = Take(ref at, s.PaddedKeys * s.Width);
            Queries = Take(ref at, Block * s.Width);
            DOutput = Take(ref at, Block * s.Width);
            DQ = Take(ref at, Block * s.Width);
            Scores = Take(ref at, Block * Block);
            DScores = Take(ref at, Block * Block);
            Dots = Take(ref at, Block);
            Capped = Take(ref at, Block);
            Bytes = (byte*)at - memory + 4096;
        }

        private static float* Take(ref float* at, long count)
        {
            float* taken = at;
            at += (count + 15) & ~15L;
            return taken;
        }
    }
}
