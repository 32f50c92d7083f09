using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>A product with few rows of A, as in generation: bound by reading B, which is therefore read once, where it lies, in float32.</summary>
internal static unsafe class FewRows
{
    /// <summary>The most rows of A that go this way.</summary>
    public const int Most = 4;

    private const int Columns = 256;

    public static void Multiply(CpuDevice cpu, long m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue) =>
        cpu.Workers.Run(checked((int)((n + Columns - 1) / Columns)), new Tiles((int)m, n, k, a, b, c, stride, accumulate, epilogue));

    private readonly struct Tiles(int m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, MatrixEpilogue epilogue) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long column = (long)tile * Columns;
            int columns = (int)Math.Min(Columns, n - column);
            for (int r = 0; r < m; r++)
            {
                float* y = c + r * stride + column;
                if (!accumulate) new Span<float>(y, columns).Clear();
                if (b.Transposed)
                    for (int j = 0; j < columns; j++) y[j] += Dot(a.At(r, 0), b.At(0, column + j), k);
                else AddRows(y, a.At(r, 0), column, columns);
            }
            if (!epilogue.IsEmpty) epilogue.Apply(c, stride, column, column, m, columns);
        }

        private void AddRows(float* y, float* x, long column, int columns)
        {
            long i = 0;
            for (; i + 4 <= k; i += 4)
            {
                float* b0 = b.At(i, column), b1 = b.At(i + 1, column), b2 = b.At(i + 2, column), b3 = b.At(i + 3, column);
                Vec x0 = Vector512.Create(x[i]), x1 = Vector512.Create(x[i + 1]), x2 = Vector512.Create(x[i + 2]), x3 = Vector512.Create(x[i + 3]);
                int j = 0;
                for (; j + Vec.Count <= columns; j += Vec.Count)
                {
                    var sum = Vector512.FusedMultiplyAdd(x0, Vector512.Load(b0 + j), Vector512.Load(y + j));
                    sum = Vector512.FusedMultiplyAdd(x1, Vector512.Load(b1 + j), sum);
                    sum = Vector512.FusedMultiplyAdd(x2, Vector512.Load(b2 + j), sum);
                    Vector512.Store(Vector512.FusedMultiplyAdd(x3, Vector512.Load(b3 + j), sum), y + j);
                }
                for (; j < columns; j++) y[j] += x[i] * b0[j] + x[i + 1] * b1[j] + x[i + 2] * b2[j] + x[i + 3] * b3[j];
            }
            for (; i < k; i++)
                for (int j = 0; j < columns; j++) y[j] += x[i] * b.At(i, column)[j];
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
