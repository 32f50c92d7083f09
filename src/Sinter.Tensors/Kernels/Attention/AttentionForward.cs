using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Attention in blocks with the online softmax (Milakov and Gimelshein, 2018; Dao et al., 2022, algorithm 1): scores of a block of queries and a block of keys live in
/// scratch memory only. A tile is one sequence, one key and value head with its query heads, and every <see cref="_splits"/>-th block of queries.
/// </summary>
internal readonly unsafe struct AttentionForward : ITileBody
{
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
        long groups = shape.Batch * shape.KvHeads, blocks = (shape.Queries + AttentionShape.Block - 1) / AttentionShape.Block;
        int splits = (int)Math.Min(blocks, Math.Max(1, 8 / groups));
        long perWorker = new Scratch(shape, null).Bytes;
        cpu.Workers.Run(checked((int)(groups * splits)), new AttentionForward(shape, output, logSums, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker, splits));
    }

    public void Run(int tile, int worker)
    {
        var s = _shape;
        var scratch = new Scratch(s, _scratch + _perWorker * worker);
        int split = tile % _splits, kvHead = tile / _splits % s.KvHeads;
        long batch = tile / _splits / s.KvHeads;
        SmallProduct.CopyTransposed(s.Key(batch, kvHead, 0), s.KRow, (int)s.Keys, s.HeadSize, scratch.KeysAcross, s.PaddedKeys, (int)s.PaddedKeys);
        SmallProduct.CopyRows(s.Value(batch, kvHead, 0), s.VRow, (int)s.Keys, s.HeadSize, scratch.Values, s.Width, (int)s.Keys);
        for (int head = kvHead * s.GroupSize; head < (kvHead + 1) * s.GroupSize; head++)
            for (long query = (long)split * AttentionShape.Block; query < s.Queries; query += (long)_splits * AttentionShape.Block)
                QueryBlock(scratch, batch, head, query, (int)Math.Min(AttentionShape.Block, s.Queries - query));
    }

    private void QueryBlock(in Scratch scratch, long batch, int head, long query, int rows)
    {
        var s = _shape;
        const int block = AttentionShape.Block;
        SmallProduct.CopyRows(s.Query(batch, head, query), s.QRow, rows, s.HeadSize, scratch.Queries, s.Width, block, s.Scale);
        new Span<float>(scratch.Output, block * s.Width).Clear();
        new Span<float>(scratch.Max, block).Fill(float.NegativeInfinity);
        new Span<float>(scratch.Sum, block).Clear();
        long end = s.EndKey(query + rows - 1);
        for (long key = s.FirstBlock(query); key < end; key += block)
        {
            int columns = (int)Math.Min(block, end - key), padded = (columns + s.Kernel.Columns - 1) / s.Kernel.Columns * s.Kernel.Columns;
            SmallProduct.Multiply(s.Kernel, rows, columns, s.HeadSize, scratch.Queries, s.Width, 1, scratch.KeysAcross + key, s.PaddedKeys, scratch.Scores, block, false);
            for (int r = 0; r < rows; r++) Softmax(scratch, batch, head, query + r, r, key, padded);
            SmallProduct.Multiply(s.Kernel, rows, s.Width, columns, scratch.Scores, block, 1, scratch.Values + key * s.Width, s.Width, scratch.Output, s.Width, true);
        }
        for (int r = 0; r < rows; r++) Store(scratch, batch, head, query + r, r);
    }

    private void Softmax(in Scratch scratch, long batch, int head, long query, int row, long key, int padded)
    {
        var s = _shape;
        float* scores = scratch.Scores + row * AttentionShape.Block;
        if (s.SoftCap != 0) ScoreBlock.Cap(scores, padded, s.SoftCap);
        ScoreBlock.Mask(scores, padded, s.FirstKey(query) - key, s.EndKey(query) - key);
        float before = scratch.Max[row], max = MathF.Max(before, ScoreBlock.Max(scores, padded));
        if (float.IsNegativeInfinity(max))
        {
            new Span<float>(scores, padded).Clear();
            return;
        }
        float sum = ScoreBlock.Exp(scores, padded, max);
        float decay = MathF.Exp(before - max);
        if (decay != 1) ScoreBlock.Scale(scratch.Output + row * s.Width, scratch.Output + row * s.Width, s.Width, decay);
        scratch.Sum[row] = scratch.Sum[row] * decay + sum;
        scratch.Max[row] = max;
        if (s.Dropout > 0) AttentionDropout.Apply(s, scores, batch, head, query, key, padded);
    }

    private void Store(in Scratch scratch, long batch, int head, long query, int row)
    {
        var s = _shape;
        float sum = scratch.Sum[row];
        ScoreBlock.Scale(scratch.Output + row * s.Width, _output + ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize, s.HeadSize, sum == 0 ? 0 : 1 / sum);
        if (_logSums != null) _logSums[(batch * s.Heads + head) * s.Queries + query] = sum == 0 ? 0 : scratch.Max[row] + MathF.Log(sum);
    }

    /// <summary>A worker's blocks.</summary>
    private readonly struct Scratch
    {
        public readonly float* KeysAcross, Values, Queries, Scores, Output, Max, Sum;
        public readonly long Bytes;

        public Scratch(in AttentionShape s, byte* memory)
        {
            const int block = AttentionShape.Block;
            float* at = (float*)memory;
            KeysAcross = Take(ref at, s.HeadSize * s.PaddedKeys);
            Values = Take(ref at, s.PaddedKeys * s.Width);
            Queries = Take(ref at, block * s.Width);
            Scores = Take(ref at, block * block);
            Output = Take(ref at, block * s.Width);
            Max = Take(ref at, block);
            Sum = Take(ref at, block);
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
