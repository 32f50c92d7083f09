using System.Runtime.CompilerServices;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Products of blocks that lie in scratch memory, straight through the float32 micro-kernel without packing: A with any two strides (so a transposed
/// block too), B and C in rows. Extents are rounded up to the micro-kernel's tile; the blocks have room for that, and what comes out beyond is never read.
/// </summary>
internal static unsafe class SmallProduct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(MicroKernel kernel, int rows, int columns, int steps, float* a, long rowStride, long stepStride, float* b, long bStride, float* c, long cStride, bool accumulate)
    {
        var x = new KernelArguments
        {
            RowStride = rowStride * sizeof(float),
            StepStride = stepStride * sizeof(float),
            BStride = bStride * sizeof(float),
            CStride = cStride * sizeof(float),
            Steps = steps,
            Accumulate = accumulate ? 1 : 0,
        };
        for (int column = 0; column < columns; column += kernel.Columns)
            for (int row = 0; row < rows; row += kernel.Rows)
            {
                x.A = a + row * rowStride;
                x.B = b + column;
                x.C = c + row * cStride + column;
                kernel.Invoke(&x);
            }
    }

    /// <summary>Copies rows of <paramref name="width"/> numbers times <paramref name="scale"/> into rows of <paramref name="padded"/>, zeros beyond, and zero rows up to <paramref name="paddedRows"/>.</summary>
    public static void CopyRows(float* source, long stride, int rows, int width, float* target, int padded, int paddedRows, float scale = 1)
    {
        for (int r = 0; r < rows; r++)
        {
            float* s = source + r * stride, t = target + (long)r * padded;
            for (int i = 0; i < width; i += Vec.Count)
            {
                int count = Math.Min(Vec.Count, width - i);
                Elementwise.StorePart(Elementwise.LoadPart(s + i, count) * scale, t + i, count);
            }
            for (int i = width; i < padded; i++) t[i] = 0;
        }
        new Span<float>(target + (long)rows * padded, (paddedRows - rows) * padded).Clear();
    }

    /// <summary>Copies rows of <paramref name="width"/> numbers as columns: target[i, row] = source[row, i], zeros in columns up to <paramref name="paddedColumns"/>.</summary>
    public static void CopyTransposed(float* source, long stride, int rows, int width, float* target, long targetStride, int paddedColumns)
    {
        Packing.Transpose((uint*)source, stride, rows, width, (uint*)target, targetStride);
        for (int i = 0; i < width; i++) new Span<float>(target + i * targetStride + rows, paddedColumns - rows).Clear();
    }
}
