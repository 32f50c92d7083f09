using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>Which normalization a kernel does.</summary>
internal interface INorm
{
    /// <summary>Whether the mean is taken off first: LayerNorm, else RMSNorm.</summary>
    static abstract bool Centered { get; }

    /// <summary>The scale of a column, from what the weight holds.</summary>
    static abstract Vec Scale(Vec weight);
}

/// <summary>Takes the mean off.</summary>
internal readonly struct CenteredNorm : INorm
{
    public static bool Centered => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Scale(Vec weight) => weight;
}

/// <summary>Leaves the mean.</summary>
internal readonly struct PlainNorm : INorm
{
    public static bool Centered => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Scale(Vec weight) => weight;
}

/// <summary>Leaves the mean, and the weight is what the scale differs from 1.</summary>
internal readonly struct OffsetNorm : INorm
{
    public static bool Centered => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Scale(Vec weight) => Vector512.Create(1f) + weight;
}

/// <summary>
/// y = (x − mean) · rstd · weight + bias for each row, where rstd = 1 ÷ √(mean square + ε). The row is read three times and comes from memory once.
/// Statistics are [rows, 2]: mean and rstd. Where <c>rounded</c> is given it gets y in bfloat16, and y is <see cref="RowsAtOnce"/> rows of working
/// memory for each worker.
/// </summary>
internal readonly unsafe struct NormForward<TNorm>(RowBlocks blocks, long columns, float epsilon, float* x, float* weight, float* bias, float* y, ushort* rounded,
    float* statistics) : ITileBody
    where TNorm : INorm
{
    /// <summary>The most rows side by side.</summary>
    public const int RowsAtOnce = 4;

    public void Run(int tile, int worker)
    {
        long row = blocks.Start(tile), end = blocks.End(tile);
        for (; row + RowsAtOnce <= end; row += RowsAtOnce) Rows<FourRows>(row, RowsAtOnce, worker);
        for (; row < end; row++) Rows<OneRow>(row, 1, worker);
    }

    private void Rows<TRows>(long row, int rows, int worker) where TRows : struct, IRowGroup
    {
        float* from = x + row * columns, to = y + (rounded == null ? row : worker * RowsAtOnce) * columns, results = statistics + 2 * row;
        Means<TRows>(from, results);
        Deviations<TRows>(from, results);
        Write<TRows>(from, to, results);
        if (rounded != null) BFloat16Rows.Round(to, rounded + row * columns, rows * columns);
    }

    private void Means<TRows>(float* from, float* results) where TRows : struct, IRowGroup
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default;
        long i = 0, stride = columns;
        if (TNorm.Centered)
        {
            for (; i + Vec.Count <= stride; i += Vec.Count) MeanStep<TRows, AllLanes>(default, from + i, stride, ref s0, ref s1, ref s2, ref s3);
            if (i < stride) MeanStep<TRows, FirstLanes>(new FirstLanes(stride - i), from + i, stride, ref s0, ref s1, ref s2, ref s3);
        }
        results[0] = VectorMath.Sum(s0) / stride;
        if (!TRows.IsFour) return;
        results[2] = VectorMath.Sum(s1) / stride;
        results[4] = VectorMath.Sum(s2) / stride;
        results[6] = VectorMath.Sum(s3) / stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MeanStep<TRows, T>(T lanes, float* from, long stride, ref Vec s0, ref Vec s1, ref Vec s2, ref Vec s3)
        where TRows : struct, IRowGroup where T : struct, ILanes
    {
        s0 += lanes.Load(from);
        if (!TRows.IsFour) return;
        s1 += lanes.Load(from + stride);
        s2 += lanes.Load(from + 2 * stride);
        s3 += lanes.Load(from + 3 * stride);
    }

    private void Deviations<TRows>(float* from, float* results) where TRows : struct, IRowGroup
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default;
        Vec m0 = Vector512.Create(results[0]), m1 = default, m2 = default, m3 = default;
        if (TRows.IsFour) (m1, m2, m3) = (Vector512.Create(results[2]), Vector512.Create(results[4]), Vector512.Create(results[6]));
        long i = 0, stride = columns;
        for (; i + Vec.Count <= stride; i += Vec.Count)
            SquareStep<TRows, AllLanes>(default, from + i, stride, m0, m1, m2, m3, ref s0, ref s1, ref s2, ref s3);
        if (i < stride)
            SquareStep<TRows, FirstLanes>(new FirstLanes(stride - i), from + i, stride, m0, m1, m2, m3, ref s0, ref s1, ref s2, ref s3);
        results[1] = Deviation(s0);
        if (!TRows.IsFour) return;
        results[3] = Deviation(s1);
        results[5] = Deviation(s2);
        results[7] = Deviation(s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Deviation(Vec squares) => 1 / MathF.Sqrt(VectorMath.Sum(squares) / columns + epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareStep<TRows, T>(T lanes, float* from, long stride, Vec m0, Vec m1, Vec m2, Vec m3, ref Vec s0, ref Vec s1, ref Vec s2, ref Vec s3)
        where TRows : struct, IRowGroup where T : struct, ILanes
    {
        Square(lanes, from, m0, ref s0);
        if (!TRows.IsFour) return;
        Square(lanes, from + stride, m1, ref s1);
        Square(lanes, from + 2 * stride, m2, ref s2);
        Square(lanes, from + 3 * stride, m3, ref s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square<T>(T lanes, float* from, Vec mean, ref Vec sum) where T : struct, ILanes
    {
        var d = TNorm.Centered ? lanes.Only(lanes.Load(from) - mean) : lanes.Load(from);
        sum = Vector512.FusedMultiplyAdd(d, d, sum);
    }

    private void Write<TRows>(float* from, float* to, float* results) where TRows : struct, IRowGroup
    {
        Vec r0 = Vector512.Create(results[1]), r1 = default, r2 = default, r3 = default;
        Vec h0 = Vector512.Create(-results[0] * results[1]), h1 = default, h2 = default, h3 = default;
        if (TRows.IsFour)
        {
            (r1, r2, r3) = (Vector512.Create(results[3]), Vector512.Create(results[5]), Vector512.Create(results[7]));
            h1 = Vector512.Create(-results[2] * results[3]);
            h2 = Vector512.Create(-results[4] * results[5]);
            h3 = Vector512.Create(-results[6] * results[7]);
        }
        long i = 0, stride = columns;
        for (; i + Vec.Count <= stride; i += Vec.Count) WriteStep<TRows, AllLanes>(default, i, stride, from, to, r0, r1, r2, r3, h0, h1, h2, h3);
        if (i < stride) WriteStep<TRows, FirstLanes>(new FirstLanes(stride - i), i, stride, from, to, r0, r1, r2, r3, h0, h1, h2, h3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteStep<TRows, T>(T lanes, long i, long stride, float* from, float* to, Vec r0, Vec r1, Vec r2, Vec r3, Vec h0, Vec h1, Vec h2, Vec h3)
        where TRows : struct, IRowGroup where T : struct, ILanes
    {
        Vec w = TNorm.Scale(lanes.Load(weight + i)), b = bias == null ? default : lanes.Load(bias + i);
        from += i;
        to += i;
        lanes.Store(Value(lanes.Load(from), r0, h0, w, b), to);
        if (!TRows.IsFour) return;
        lanes.Store(Value(lanes.Load(from + stride), r1, h1, w, b), to + stride);
        lanes.Store(Value(lanes.Load(from + 2 * stride), r2, h2, w, b), to + 2 * stride);
        lanes.Store(Value(lanes.Load(from + 3 * stride), r3, h3, w, b), to + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Value(Vec x, Vec rstd, Vec shift, Vec weight, Vec bias) =>
        Vector512.FusedMultiplyAdd(TNorm.Centered ? Vector512.FusedMultiplyAdd(x, rstd, shift) : x * rstd, weight, bias);
}
