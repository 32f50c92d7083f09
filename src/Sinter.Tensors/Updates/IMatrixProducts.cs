using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Updates;

/// <summary>Products of matrices whose rows lie one after the other.</summary>
internal unsafe interface IMatrixProducts<T> where T : unmanaged
{
    /// <summary>Whether factors are rounded to bfloat16.</summary>
    bool RoundsToBFloat16 { get; }

    /// <summary>c = a · b.</summary>
    /// <param name="m">Rows of c.</param>
    /// <param name="n">Columns of c.</param>
    /// <param name="k">Columns of a.</param>
    /// <param name="a">[m, k], or [k, m] where transposed.</param>
    /// <param name="transposeA">Whether a lies transposed.</param>
    /// <param name="b">[k, n], or [n, k] where transposed.</param>
    /// <param name="transposeB">Whether b lies transposed.</param>
    /// <param name="c">[m, n]</param>
    void Multiply(long m, long n, long k, T* a, bool transposeA, T* b, bool transposeB, T* c);
}

/// <summary>The device's own products, in its precision.</summary>
internal sealed unsafe class DeviceProducts(CpuDevice cpu) : IMatrixProducts<float>
{
    public bool RoundsToBFloat16 => cpu.Precision == Precision.BFloat16;

    public void Multiply(long m, long n, long k, float* a, bool transposeA, float* b, bool transposeB, float* c) =>
        cpu.Matrix.Multiply(m, n, k, new MatrixOperand(a, transposeA ? m : k, transposeA), new MatrixOperand(b, transposeB ? k : n, transposeB), c, n, accumulate: false);
}

/// <summary>Products in float64, plain loops: for checks, not for speed.</summary>
internal sealed unsafe class PlainProducts : IMatrixProducts<double>
{
    public bool RoundsToBFloat16 => false;

    public void Multiply(long m, long n, long k, double* a, bool transposeA, double* b, bool transposeB, double* c)
    {
        for (long i = 0; i < m; i++)
            for (long j = 0; j < n; j++)
            {
                double sum = 0;
                for (long l = 0; l < k; l++) sum += a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
                c[i * n + j] = sum;
            }
    }
}
