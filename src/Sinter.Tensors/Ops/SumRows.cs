using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>
    /// y[j] = or += Σᵢ x[i, j]: the gradient of a bias. A tile owns a strip of columns and adds its rows in order, whoever runs it.
    /// </summary>
    internal static void SumRows(CpuDevice cpu, Tensor x, Tensor y, bool accumulate) =>
        SumColumns(cpu, x.F32(), x.Shape.Rows, x.Shape[-1], x.Shape[-1], y.F32(), accumulate);

    /// <summary>The same for rows <paramref name="stride"/> elements apart.</summary>
    internal static void SumColumns(CpuDevice cpu, float* x, long rows, long stride, long columns, float* y, bool accumulate) =>
        cpu.Workers.Run(checked((int)((columns + SumStrip.Width - 1) / SumStrip.Width)), new SumStrip(x, rows, stride, columns, y, accumulate));

    private readonly struct SumStrip(float* x, long rows, long stride, long columns, float* y, bool accumulate) : ITileBody
    {
        public const int Width = 64;

        public void Run(int tile, int worker)
        {
            long start = (long)tile * Width;
            int width = (int)Math.Min(Width, columns - start);
            if (width == Width) Whole(x + start, y + start);
            else
                for (int j = 0; j < width; j += Vec.Count) Part(x + start + j, y + start + j, RowMath.Part(width - j));
        }

        private void Whole(float* from, float* to)
        {
            Vec s0 = default, s1 = default, s2 = default, s3 = default;
            for (long r = 0; r < rows; r++, from += stride)
            {
                s0 += Vector512.Load(from);
                s1 += Vector512.Load(from + 16);
                s2 += Vector512.Load(from + 32);
                s3 += Vector512.Load(from + 48);
            }
            Vector512.Store(accumulate ? Vector512.Load(to) + s0 : s0, to);
            Vector512.Store(accumulate ? Vector512.Load(to + 16) + s1 : s1, to + 16);
            Vector512.Store(accumulate ? Vector512.Load(to + 32) + s2 : s2, to + 32);
            Vector512.Store(accumulate ? Vector512.Load(to + 48) + s3 : s3, to + 48);
        }

        private void Part(float* from, float* to, int width)
        {
            var sum = accumulate ? Elementwise.LoadPart(to, width) : default;
            for (long r = 0; r < rows; r++) sum += Elementwise.LoadPart(from + r * stride, width);
            Elementwise.StorePart(sum, to, width);
        }
    }
}
