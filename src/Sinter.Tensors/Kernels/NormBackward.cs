using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// With x̂ = (x − mean)·rstd and g = dy·weight: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), where RMSNorm has no mean(g); dweight = Σ dy·x̂ and dbias =
/// Σ dy over rows, as one row of partial sums per block: [blocks, 2, columns], weight then bias.
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
        long i = 0;
        for (; i + Vec.Count <= columns; i += Vec.Count) SumStep(default(AllLanes), i, from, gradient, scale, shift, sums, ref sumG, ref sumGx);
        if (i < columns) SumStep(new FirstLanes(columns - i), i, from, gradient, scale, shift, sums, ref sumG, ref sumGx);
        return (TNorm.Centered ? VectorMath.Sum(sumG) / columns : 0, VectorMath.Sum(sumGx) / columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SumStep<T>(T lanes, long i, float* from, float* gradient, Vec scale, Vec shift, float* sums, ref Vec sumG, ref Vec sumGx)
        where T : struct, ILanes
    {
        Vec d = lanes.Load(gradient + i), normal = Normal(lanes.Load(from + i), scale, shift), g = d * lanes.Load(weight + i);
        if (TNorm.Centered) sumG += g;
        sumGx = Vector512.FusedMultiplyAdd(g, normal, sumGx);
        if (sums == null) return;
        lanes.Store(Vector512.FusedMultiplyAdd(d, normal, lanes.Load(sums + i)), sums + i);
        if (TNorm.Centered) lanes.Store(d + lanes.Load(sums + columns + i), sums + columns + i);
    }

    private void Write(float* from, float* gradient, float* to, Vec scale, Vec shift, Vec meanG, Vec meanGx)
    {
        long i = 0;
        for (; i + Vec.Count <= columns; i += Vec.Count) WriteStep(default(AllLanes), i, from, gradient, to, scale, shift, meanG, meanGx);
        if (i < columns) WriteStep(new FirstLanes(columns - i), i, from, gradient, to, scale, shift, meanG, meanGx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteStep<T>(T lanes, long i, float* from, float* gradient, float* to, Vec scale, Vec shift, Vec meanG, Vec meanGx)
        where T : struct, ILanes
    {
        Vec normal = Normal(lanes.Load(from + i), scale, shift), g = lanes.Load(gradient + i) * lanes.Load(weight + i);
        if (TNorm.Centered) g -= meanG;
        var value = scale * (g - normal * meanGx);
        lanes.Store(accumulate ? value + lanes.Load(to + i) : value, to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Normal(Vec x, Vec scale, Vec shift) => TNorm.Centered ? Vector512.FusedMultiplyAdd(x, scale, shift) : x * scale;
}
