using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// With x̂ = (x − mean)·rstd and g = dy·weight: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), where RMSNorm has no mean(g);
/// dweight = Σ dy·x̂ and dbias = Σ dy over rows, as one row of partial sums per block: [blocks, 2, columns], weight then bias.
/// </summary>
internal readonly unsafe struct NormBackward<TNorm>(RowBlocks blocks, long columns, float* x, float* weight, float* statistics, float* dy,
    float* dx, bool accumulate, float* partials) : ITileBody where TNorm : INorm
{
    public void Run(int tile, int worker)
    {
        float* sums = partials == null ? null : partials + tile * 2 * columns;
        if (sums != null) new Span<float>(sums, checked((int)(2 * columns))).Clear();
        for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
        {
            float mean = statistics[2 * row], rstd = statistics[2 * row + 1];
            float* from = x + row * columns, gradient = dy + row * columns;
            Vec scale = Vector512.Create(rstd), shift = Vector512.Create(-mean * rstd);
            var (meanG, meanGx) = Sums(from, gradient, scale, shift, sums);
            if (dx != null) Write(from, gradient, dx + row * columns, scale, shift, Vector512.Create(meanG), Vector512.Create(meanGx));
        }
    }

    private (float MeanG, float MeanGx) Sums(float* from, float* gradient, Vec scale, Vec shift, float* sums)
    {
        Vec sumG = default, sumGx = default;
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            Vec d = Elementwise.LoadPart(gradient + i, part), normal = Normal(Elementwise.LoadPart(from + i, part), scale, shift);
            var g = d * Elementwise.LoadPart(weight + i, part);
            if (TNorm.Centered) sumG += g;
            sumGx = Vector512.FusedMultiplyAdd(g, normal, sumGx);
            if (sums == null) continue;
            Elementwise.StorePart(Vector512.FusedMultiplyAdd(d, normal, Elementwise.LoadPart(sums + i, part)), sums + i, part);
            if (TNorm.Centered) Elementwise.StorePart(d + Elementwise.LoadPart(sums + columns + i, part), sums + columns + i, part);
        }
        return (TNorm.Centered ? VectorMath.Sum(sumG) / columns : 0, VectorMath.Sum(sumGx) / columns);
    }

    private void Write(float* from, float* gradient, float* to, Vec scale, Vec shift, Vec meanG, Vec meanGx)
    {
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            var normal = Normal(Elementwise.LoadPart(from + i, part), scale, shift);
            var g = Elementwise.LoadPart(gradient + i, part) * Elementwise.LoadPart(weight + i, part);
            if (TNorm.Centered) g -= meanG;
            var value = scale * (g - normal * meanGx);
            if (accumulate) value += Elementwise.LoadPart(to + i, part);
            Elementwise.StorePart(value, to + i, part);
        }
    }

    private static Vec Normal(Vec x, Vec scale, Vec shift) => TNorm.Centered ? Vector512.FusedMultiplyAdd(x, scale, shift) : x * scale;
}
