using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>y[j] = or += Σᵢ x[i, j]: the gradient of a bias. A tile owns a strip of columns and adds its rows in order, whoever runs it.</summary>
    internal static void SumRows(CpuDevice cpu, Tensor x, Tensor y, bool accumulate)
    {
        long columns = x.Shape[-1];
        cpu.Workers.Run(checked((int)((columns + SumStrip.Width - 1) / SumStrip.Width)), new SumStrip(x.F32(), x.Shape.Rows, columns, y.F32(), accumulate));
    }

    private readonly struct SumStrip(float* x, long rows, long columns, float* y, bool accumulate) : ITileBody
    {
        public const int Width = 64;

        public void Run(int tile, int worker)
        {
            long start = (long)tile * Width;
            int width = (int)Math.Min(Width, columns - start);
            float* sum = stackalloc float[Width];
            new Span<float>(sum, Width).Clear();
            for (long r = 0; r < rows; r++)
            {
                float* row = x + r * columns + start;
                int j = 0;
                for (; j + Vec.Count <= width; j += Vec.Count) Vector512.Store(Vector512.Load(sum + j) + Vector512.Load(row + j), sum + j);
                for (; j < width; j++) sum[j] += row[j];
            }
            for (int j = 0; j < width; j++) y[start + j] = (accumulate ? y[start + j] : 0) + sum[j];
        }
    }
}
