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
}

/// <summary>Takes the mean off.</summary>
internal readonly struct CenteredNorm : INorm
{
    public static bool Centered => true;
}

/// <summary>Leaves the mean.</summary>
internal readonly struct PlainNorm : INorm
{
    public static bool Centered => false;
}

/// <summary>
/// y = (x − mean) · rstd · weight + bias for each row, where rstd = 1 ÷ √(mean square + ε). The row is read three times and comes from memory once.
/// Statistics are [rows, 2]: mean and rstd. Where <c>rounded</c> is given it gets y in bfloat16, and y is a row of working memory for each worker.
/// </summary>
internal readonly unsafe struct NormForward<TNorm>(RowBlocks blocks, long columns, float epsilon, float* x, float* weight, float* bias, float* y, ushort* rounded,
    float* statistics) : ITileBody
    where TNorm : INorm
{
    public void Run(int tile, int worker)
    {
        for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
        {
            float* from = x + row * columns;
            float mean = TNorm.Centered ? RowMath.Sum(from, columns) / columns : 0;
            float rstd = 1 / MathF.Sqrt(RowMath.SumOfSquares(from, columns, mean) / columns + epsilon);
            (statistics[2 * row], statistics[2 * row + 1]) = (mean, rstd);
            float* to = y + (rounded == null ? row : worker) * columns;
            Write(from, to, Vector512.Create(rstd), Vector512.Create(-mean * rstd));
            if (rounded != null) BFloat16Rows.Round(to, rounded + row * columns, columns);
        }
    }

    private void Write(float* from, float* to, Vec rstd, Vec shift)
    {
        long i = 0;
        for (; i + Vec.Count <= columns; i += Vec.Count) Step(default(AllLanes), i, from, to, rstd, shift);
        if (i < columns) Step(new FirstLanes(columns - i), i, from, to, rstd, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<T>(T lanes, long i, float* from, float* to, Vec rstd, Vec shift) where T : struct, ILanes
    {
        Vec value = lanes.Load(from + i), w = lanes.Load(weight + i);
        value = TNorm.Centered ? Vector512.FusedMultiplyAdd(value, rstd, shift) : value * rstd;
        lanes.Store(bias == null ? value * w : Vector512.FusedMultiplyAdd(value, w, lanes.Load(bias + i)), to + i);
    }
}
