using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// The dropout mask: element (row, column) of sample n is kept if word column mod 4 of the Philox block (column ÷ 4, row, n, step) under (seed, site) is at least
/// p · 2³². A function of these alone, made again in the backward pass.
/// </summary>
internal static unsafe class DropoutMask
{
    private const uint SiteSpread = 0x9E3779B9;

    /// <summary>x[i] = kept ? x[i] ÷ (1 − p) : 0 for columns <paramref name="column"/> (a multiple of 4) to column + count − 1 of a row.</summary>
    public static void Apply(in DropoutKey key, float probability, long sample, long row, long column, float* x, int count)
    {
        uint threshold = (uint)Math.Min(uint.MaxValue, probability * 4294967296.0), k0 = (uint)key.Seed, k1 = (uint)(key.Seed >> 32) ^ key.Site * SiteSpread;
        uint n = (uint)(key.FirstSample + sample);
        float scale = 1 / (1 - probability);
        for (int i = 0; i < count; i += 4)
        {
            var block = Philox.Block((uint)((column + i) >> 2), (uint)row, n, (uint)key.Step, k0, k1);
            int rest = Math.Min(4, count - i);
            x[i] *= block.X0 >= threshold ? scale : 0;
            if (rest > 1) x[i + 1] *= block.X1 >= threshold ? scale : 0;
            if (rest > 2) x[i + 2] *= block.X2 >= threshold ? scale : 0;
            if (rest > 3) x[i + 3] *= block.X3 >= threshold ? scale : 0;
        }
    }
}
