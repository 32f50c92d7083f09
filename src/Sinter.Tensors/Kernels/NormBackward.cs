using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
        float* means = stackalloc float[8];
        long row = blocks.Start(tile), end = blocks.End(tile);
        for (; row + 4 <= end; row += 4) Rows<FourRows>(row, sums, means);
        for (; row < end; row++) Rows<OneRow>(row, sums, means);
    }

    private void Rows<TRows>(long row, float* sums, float* means) where TRows : struct, IRowGroup
    {
        float* from = x + row * columns, gradient = dy + row * columns, results = statistics + 2 * row;
        Sums<TRows>(from, gradient, results, sums, means);
        if (dx != null) Write<TRows>(from, gradient, dx + row * columns, results, means);
    }

    private void Sums<TRows>(float* from, float* gradient, float* results, float* sums, float* means) where TRows : struct, IRowGroup
    {
        Row r0 = new(results), r1 = default, r2 = default, r3 = default;
        if (TRows.IsFour) (r1, r2, r3) = (new(results + 2), new(results + 4), new(results + 6));
        Vec g0 = default, g1 = default, g2 = default, g3 = default, p0 = default, p1 = default, p2 = default, p3 = default;
        long i = 0, stride = columns;
        for (; i + Vec.Count <= stride; i += Vec.Count)
            SumStep<TRows, AllLanes>(default, i, stride, from, gradient, sums, r0, r1, r2, r3, ref g0, ref g1, ref g2, ref g3, ref p0, ref p1, ref p2, ref p3);
        if (i < stride)
            SumStep<TRows, FirstLanes>(new FirstLanes(stride - i), i, stride, from, gradient, sums, r0, r1, r2, r3, ref g0, ref g1, ref g2, ref g3, ref p0,
                ref p1, ref p2, ref p3);
        (means[0], means[1]) = (VectorMath.Sum(g0) / stride, VectorMath.Sum(p0) / stride);
        if (!TRows.IsFour) return;
        (means[2], means[3]) = (VectorMath.Sum(g1) / stride, VectorMath.Sum(p1) / stride);
        (means[4], means[5]) = (VectorMath.Sum(g2) / stride, VectorMath.Sum(p2) / stride);
        (means[6], means[7]) = (VectorMath.Sum(g3) / stride, VectorMath.Sum(p3) / stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SumStep<TRows, T>(T lanes, long i, long stride, float* from, float* gradient, float* sums, Row r0, Row r1, Row r2, Row r3, ref Vec g0,
        ref Vec g1, ref Vec g2, ref Vec g3, ref Vec p0, ref Vec p1, ref Vec p2, ref Vec p3) where TRows : struct, IRowGroup where T : struct, ILanes
    {
        Vec w = TNorm.Scale(lanes.Load(weight + i)), forWeight = default, forBias = default;
        if (sums != null) (forWeight, forBias) = (lanes.Load(sums + i), TNorm.Centered ? lanes.Load(sums + stride + i) : default);
        from += i;
        gradient += i;
        if (TRows.IsFour)
        {
            PrefetchNext(from, stride);
            PrefetchNext(gradient, stride);
        }
        Sum(lanes.Load(gradient), r0.Normal(lanes.Load(from)), w, ref g0, ref p0, ref forWeight, ref forBias);
        if (TRows.IsFour)
        {
            Sum(lanes.Load(gradient + stride), r1.Normal(lanes.Load(from + stride)), w, ref g1, ref p1, ref forWeight, ref forBias);
            Sum(lanes.Load(gradient + 2 * stride), r2.Normal(lanes.Load(from + 2 * stride)), w, ref g2, ref p2, ref forWeight, ref forBias);
            Sum(lanes.Load(gradient + 3 * stride), r3.Normal(lanes.Load(from + 3 * stride)), w, ref g3, ref p3, ref forWeight, ref forBias);
        }
        if (sums == null) return;
        lanes.Store(forWeight, sums + i);
        if (TNorm.Centered) lanes.Store(forBias, sums + stride + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(Vec d, Vec normal, Vec weight, ref Vec sumG, ref Vec sumGx, ref Vec forWeight, ref Vec forBias)
    {
        var g = d * weight;
        if (TNorm.Centered) sumG += g;
        sumGx = Vector512.FusedMultiplyAdd(g, normal, sumGx);
        forWeight = Vector512.FusedMultiplyAdd(d, normal, forWeight);
        if (TNorm.Centered) forBias += d;
    }

    private void Write<TRows>(float* from, float* gradient, float* to, float* results, float* means) where TRows : struct, IRowGroup
    {
        Row r0 = new(results), r1 = default, r2 = default, r3 = default;
        Vec g0 = Vector512.Create(means[0]), g1 = default, g2 = default, g3 = default;
        Vec p0 = Vector512.Create(means[1]), p1 = default, p2 = default, p3 = default;
        if (TRows.IsFour)
        {
            (r1, r2, r3) = (new(results + 2), new(results + 4), new(results + 6));
            (g1, g2, g3) = (Vector512.Create(means[2]), Vector512.Create(means[4]), Vector512.Create(means[6]));
            (p1, p2, p3) = (Vector512.Create(means[3]), Vector512.Create(means[5]), Vector512.Create(means[7]));
        }
        long i = 0, stride = columns;
        for (; i + Vec.Count <= stride; i += Vec.Count)
            WriteStep<TRows, AllLanes>(default, i, stride, from, gradient, to, r0, r1, r2, r3, g0, g1, g2, g3, p0, p1, p2, p3);
        if (i < stride)
            WriteStep<TRows, FirstLanes>(new FirstLanes(stride - i), i, stride, from, gradient, to, r0, r1, r2, r3, g0, g1, g2, g3, p0, p1, p2, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteStep<TRows, T>(T lanes, long i, long stride, float* from, float* gradient, float* to, Row r0, Row r1, Row r2, Row r3, Vec g0, Vec g1,
        Vec g2, Vec g3, Vec p0, Vec p1, Vec p2, Vec p3) where TRows : struct, IRowGroup where T : struct, ILanes
    {
        var w = TNorm.Scale(lanes.Load(weight + i));
        from += i;
        gradient += i;
        to += i;
        if (TRows.IsFour) PrefetchNext(to, stride);
        Store(lanes, r0, from, lanes.Load(gradient) * w, g0, p0, to);
        if (!TRows.IsFour) return;
        Store(lanes, r1, from + stride, lanes.Load(gradient + stride) * w, g1, p1, to + stride);
        Store(lanes, r2, from + 2 * stride, lanes.Load(gradient + 2 * stride) * w, g2, p2, to + 2 * stride);
        Store(lanes, r3, from + 3 * stride, lanes.Load(gradient + 3 * stride) * w, g3, p3, to + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(T lanes, Row row, float* from, Vec g, Vec meanG, Vec meanGx, float* to) where T : struct, ILanes
    {
        if (TNorm.Centered) g -= meanG;
        var value = row.Scale * (g - row.Normal(lanes.Load(from)) * meanGx);
        lanes.Store(accumulate ? value + lanes.Load(to) : value, to);
    }

    // One vector of each row of the next group: rows come from another core's cache or were saved long ago, and the processor's own prefetching is late for
    // short ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(float* x, long stride)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(x + 4 * stride);
        Sse.Prefetch0(x + 5 * stride);
        Sse.Prefetch0(x + 6 * stride);
        Sse.Prefetch0(x + 7 * stride);
    }

    /// <summary>What makes x̂ of a row's x, from its statistics.</summary>
    private readonly struct Row
    {
        public readonly Vec Scale, Shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Row(float* statistics)
        {
            Scale = Vector512.Create(statistics[1]);
            Shift = Vector512.Create(-statistics[0] * statistics[1]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vec Normal(Vec x) => TNorm.Centered ? Vector512.FusedMultiplyAdd(x, Scale, Shift) : x * Scale;
    }
}
