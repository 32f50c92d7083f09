using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Adds up what the tiles of a group have for the gradients of its keys and values, in the order of the tiles. A tile here is a block of keys.
/// </summary>
/// <param name="partial">[groups, splits, 2, padded keys, width]: keys, then values.</param>
internal readonly unsafe struct AttentionPartialSums(AttentionShape s, AttentionGradients g, float* partial) : ITileBody
{
    private const int Block = AttentionShape.KeyBlock;

    public static void Run(CpuDevice cpu, AttentionShape shape, AttentionGradients gradients, float* partial) =>
        cpu.Workers.Run(checked((int)(shape.Groups * (shape.PaddedKeys / Block))), new AttentionPartialSums(shape, gradients, partial));

    public void Run(int tile, int worker)
    {
        int blocks = (int)(s.PaddedKeys / Block), kvHead = tile / blocks % s.KvHeads;
        long group = tile / blocks, batch = group / s.KvHeads, key = (long)(tile % blocks) * Block, role = s.PaddedKeys * s.Width;
        float* source = partial + group * s.Splits * 2 * role + key * s.Width;
        if (g.DK != null) Sum(source, 2 * role, key, g.Keys(s, batch, kvHead, key), s.KRow, s.Scale, g.AddK);
        if (g.DV != null) Sum(source + role, 2 * role, key, g.Values(s, batch, kvHead, key), s.VRow, 1, g.AddV);
    }

    private void Sum(float* source, long step, long key, float* target, long stride, float scale, bool add)
    {
        int keys = (int)Math.Min(Block, s.Keys - key);
        for (int split = 0; split < s.Splits; split++)
            HeadRows.Write(source + split * step, s.Width, keys, s.HeadSize, target, stride, scale, add || split > 0);
    }
}
