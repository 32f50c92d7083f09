using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// A float32 product with few rows of A, as in generation: bound by reading B, which is therefore read once, where it lies, in long runs of
/// addresses. Where columns of B are contiguous (a transposed factor) an element of C is a dot product; where rows are, see
/// <see cref="FewRowsOuter"/>.
/// </summary>
internal static unsafe class FewRows
{
    /// <summary>The most rows of A that go this way.</summary>
    public const int Most = 4;

    private const int Columns = 256;

    public static void Multiply(CpuDevice cpu, long m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate,
        in MatrixEpilogue epilogue)
    {
        if (!b.Transposed) FewRowsOuter.Multiply(cpu, (int)m, n, k, a, b, c, stride, accumulate, epilogue);
        else cpu.Workers.Run(checked((int)((n + Columns - 1) / Columns)), new Dots((int)m, n, k, a, b, c, stride, accumulate, epilogue));
    }

    private readonly struct Dots(int m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate,
        MatrixEpilogue epilogue) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long column = (long)tile * Columns;
            int columns = (int)Math.Min(Columns, n - column);
            for (int j = 0; j < columns; j++)
                for (int r = 0; r < m; r++)
                {
                    float* y = c + r * stride + column + j;
                    *y = Dot(a.At(r, 0), b.At(0, column + j), k) + (accumulate ? *y : 0);
                }
            if (!epilogue.IsEmpty) epilogue.Apply(c, stride, column, column, m, columns);
        }

        private static float Dot(float* x, float* y, long count)
        {
            Vec s0 = default, s1 = default;
            long i = 0;
            for (; i + 32 <= count; i += 32)
            {
                s0 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 16), Vector512.Load(y + i + 16), s1);
            }
            float sum = VectorMath.Sum(s0 + s1);
            for (; i < count; i++) sum += x[i] * y[i];
            return sum;
        }
    }
}
