using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Numbers as steps of a micro-kernel, four bytes each: one float32, or a pair of bfloat16. What neighbours in a pair depends on what is summed over:
/// two numbers of a row, or the same number of two rows.
/// </summary>
internal static unsafe class StepPacking
{
    /// <summary>Pairs along the rows: each row of <paramref name="width"/> numbers becomes (width + 1) ÷ 2 steps.</summary>
    /// <param name="stride">Elements between rows of the source.</param>
    /// <param name="targetStride">Steps between rows of the target, a multiple of 16.</param>
    public static void Rows(float* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        if (rows == 0) return;
        if (RolePacking.IsAvailable) RolePacking.Rows(source, stride, rows, width, target, targetStride);
        else
            for (int r = 0; r < rows; r++) Packing.Row(source + r * stride, width, target + r * targetStride, bfloat16: true);
    }

    /// <summary>The same of rows that are bfloat16 already.</summary>
    public static void Rows(ushort* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        int whole = width & -2 * Vec.Count;
        for (int r = 0; r < rows; r++, source += stride, target += targetStride)
        {
            for (int i = 0; i < whole; i += 2 * Vec.Count) Vector512.Store(Vector512.Load((uint*)(source + i)), target + i / 2);
            if (whole < width) PairPacking.Row(source + whole, width - whole, target + whole / 2);
        }
    }

    /// <summary>Pairs of rows: rows 2s and 2s + 1 become step s, a row without a second pairs with zeros.</summary>
    public static void Steps(float* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        if (rows == 0) return;
        if (RolePacking.IsAvailable) RolePacking.Steps(source, stride, rows, width, target, targetStride);
        else
            for (int r = 0; r < rows; r += 2)
            {
                float* first = source + r * stride, second = r + 1 < rows ? first + stride : null;
                Packing.Across(first, second, width, width, target + r / 2 * targetStride, bfloat16: true);
            }
    }

    /// <summary>The same of rows that are bfloat16 already; whole vectors of the target are written.</summary>
    public static void Steps(ushort* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        int pairs = AssembledPacking.IsAvailable ? rows / 2 : 0;
        for (int i = 0; i < width && pairs > 0; i += 2 * Vec.Count)
            AssembledPacking.Interleave(source + i, stride, Math.Min(2 * Vec.Count, width - i), pairs, target + i, targetStride);
        for (int r = 2 * pairs; r < rows; r += 2)
            for (int i = 0; i < width; i++)
                target[r / 2 * targetStride + i] = source[r * stride + i] | (r + 1 < rows ? (uint)source[(r + 1) * stride + i] << 16 : 0);
    }

    /// <summary>Sixteen columns of a block of scores: rows 2s and 2s + 1 become step s.</summary>
    public static void Column(float* scores, int steps, uint* target)
    {
        const int stride = AttentionShape.QueryBlock;
        if (steps == 0) return;
        if (AssembledPacking.IsAvailable) AssembledPacking.Across16(scores, stride, steps, target, stride);
        else
            for (int s = 0; s < steps; s++)
                Packing.Across(scores + 2 * s * stride, scores + (2 * s + 1) * stride, Vec.Count, Vec.Count, target + s * stride, bfloat16: true);
    }
}
