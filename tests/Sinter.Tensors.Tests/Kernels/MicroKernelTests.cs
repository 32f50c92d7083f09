using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class MicroKernelTests
{
    private const int Gap = 3;   // columns between rows of C that are not the tile's

    /// <summary>Every kernel of this processor, every height of its tile and both widths, rows of A lying either way.</summary>
    [Fact]
    public void Every_height_multiplies_and_writes_nothing_beyond_its_rows()
    {
        Assert.NotEmpty(MicroKernels.All());
        foreach (var kernel in MicroKernels.All())
            for (int rows = 1; rows <= kernel.Rows; rows++)
                foreach (int steps in new[] { 1, 2, 3, 4, 37 })
                    foreach (bool accumulate in new[] { false, true })
                        foreach (bool stepsOfRows in new[] { false, true })
                            foreach (bool narrow in new[] { false, true })
                                if (!narrow || kernel.NarrowColumns > 0) Check(kernel, rows, steps, accumulate, stepsOfRows, narrow);
    }

    private static void Check(MicroKernel kernel, int rows, int steps, bool accumulate, bool stepsOfRows, bool narrow)
    {
        int columns = kernel.Columns, written = narrow ? kernel.NarrowColumns : columns, k = steps * kernel.StepLength, stride = columns + Gap;
        float[] a = BFloat16Numbers.Exact(rows, rows * k), b = BFloat16Numbers.Exact(steps, k * columns);
        float[] c = BFloat16Numbers.Random(7, (kernel.Rows + 1) * stride), before = [.. c];
        uint[] packedA = PackedRows(kernel, a, rows, steps, stepsOfRows), packedB = new uint[steps * columns + 64 * columns];
        fixed (float* pb = b, pc = c)
        fixed (uint* qa = packedA, qb = packedB)
        {
            for (int s = 0; s < steps; s++)
            {
                float* second = kernel.IsBFloat16 ? pb + (s * 2 + 1) * columns : null;
                Packing.Across(pb + s * kernel.StepLength * columns, second, columns, columns, qb + s * columns, kernel.IsBFloat16);
            }
            var arguments = new KernelArguments { A = qa, B = qb, C = pc, RowStride = stepsOfRows ? 4 : steps * 4,
                StepStride = stepsOfRows ? rows * 4 : 4, BStride = columns * 4, CStride = stride * 4, Steps = steps, Accumulate = accumulate ? 1 : 0 };
            kernel.Invoke(&arguments, rows, narrow);
        }
        for (int i = 0; i < c.Length; i++)
        {
            var (row, column) = (i / stride, i % stride);
            if (row >= rows || column >= written)
            {
                Assert.True(c[i] == before[i], $"{kernel.Set}, {rows} rows: row {row} column {column} was written");
                continue;
            }
            double want = accumulate ? before[i] : 0;
            for (int p = 0; p < k; p++) want += (double)a[row * k + p] * b[p * columns + column];
            // Sums of at most 74 products below 1, each step rounded by 2⁻²⁴ of a sum below 16.
            Assert.True(Math.Abs(want - c[i]) < 2e-5, $"{kernel.Set}, {rows} rows, {steps} steps: row {row} column {column} is {c[i]}, not {want}");
        }
    }

    /// <summary>Bias and residual, each alone and together: the bits of adding them to the finished tile in this order.</summary>
    [Fact]
    public void Kernels_add_bias_and_residual_as_if_after_the_tile()
    {
        foreach (var kernel in MicroKernels.All().Where(k => k.AddsToTiles))
            for (int rows = 1; rows <= kernel.Rows; rows++)
                foreach (bool narrow in new[] { false, true })
                    foreach (var (bias, residual) in new[] { (true, false), (false, true), (true, true) }) CheckSums(kernel, rows, narrow, bias, residual);
    }

    private static void CheckSums(MicroKernel kernel, int rows, bool narrow, bool addsBias, bool addsResidual)
    {
        const int steps = 5;
        int columns = kernel.Columns, written = narrow ? kernel.NarrowColumns : columns, stride = columns + Gap;
        // Ones in both halves of each pair and in each float32 alike, so that no packing is needed: sums are whole where the factor is.
        uint one = kernel.IsBFloat16 ? 0x3f803f80u : BitConverter.SingleToUInt32Bits(1);
        uint[] a = new uint[rows * steps], b = new uint[steps * columns + 64 * columns];
        Array.Fill(a, one);
        Array.Fill(b, one);
        float[] c = new float[rows * columns], bias = BFloat16Numbers.Random(1, written), residual = BFloat16Numbers.Random(2, rows * stride);
        fixed (uint* qa = a, qb = b)
        fixed (float* pc = c, pBias = bias, pResidual = residual)
        {
            var arguments = new KernelArguments { A = qa, B = qb, C = pc, RowStride = steps * 4, StepStride = 4, BStride = columns * 4, CStride = columns * 4,
                Steps = steps, Bias = addsBias ? pBias : null, Residual = addsResidual ? pResidual : null, ResidualStride = stride * 4 };
            kernel.Invoke(&arguments, rows, narrow);
        }
        for (int r = 0; r < rows; r++)
            for (int x = 0; x < written; x++)
            {
                float want = steps * kernel.StepLength;
                if (addsBias) want += bias[x];
                if (addsResidual) want += residual[r * stride + x];
                Assert.Equal(want, c[r * columns + x]);
            }
    }

    private static uint[] PackedRows(MicroKernel kernel, float[] a, int rows, int steps, bool stepsOfRows)
    {
        uint[] inRows = new uint[rows * steps], inSteps = new uint[rows * steps];
        int k = steps * kernel.StepLength;
        fixed (float* pa = a)
        fixed (uint* q = inRows)
            for (int r = 0; r < rows; r++) Packing.Row(pa + r * k, k, q + r * steps, kernel.IsBFloat16);
        for (int i = 0; i < inRows.Length; i++) inSteps[i % steps * rows + i / steps] = inRows[i];
        return stepsOfRows ? inSteps : inRows;
    }
}
