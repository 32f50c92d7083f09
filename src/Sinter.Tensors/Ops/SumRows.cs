using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>
    /// y[j] = or += Σᵢ x[i, j]: the gradient of a bias. A tile owns a strip of columns and adds its rows in order, whoever runs it.
    /// </summary>
    internal static void SumRows(CpuDevice cpu, Tensor x, Tensor y, bool accumulate)
    {
        long columns = x.Shape[-1];
        if (x.DType == DType.BFloat16) Sum<RoundedRow>(cpu, x.Data<ushort>(DType.BFloat16), x.Shape.Rows, columns, columns, y.F32(), accumulate);
        else SumColumns(cpu, x.F32(), x.Shape.Rows, columns, columns, y.F32(), accumulate);
    }

    /// <summary>The same for rows <paramref name="stride"/> elements apart.</summary>
    internal static void SumColumns(CpuDevice cpu, float* x, long rows, long stride, long columns, float* y, bool accumulate) =>
        Sum<SingleRow>(cpu, x, rows, stride, columns, y, accumulate);

    private static void Sum<TRow>(CpuDevice cpu, void* x, long rows, long stride, long columns, float* y, bool accumulate) where TRow : struct, IRow =>
        cpu.Workers.Run(checked((int)((columns + SumStrip<TRow>.Width - 1) / SumStrip<TRow>.Width)), new SumStrip<TRow>(x, rows, stride, columns, y, accumulate));

    private interface IRow
    {
        static abstract int ElementSize { get; }

        static abstract Vec Load(byte* x);

        static abstract Vec LoadPart(byte* x, int count);
    }

    private readonly struct SingleRow : IRow
    {
        public static int ElementSize => sizeof(float);

        public static Vec Load(byte* x) => Vector512.Load((float*)x);

        public static Vec LoadPart(byte* x, int count) => Elementwise.LoadPart((float*)x, count);
    }

    private readonly struct RoundedRow : IRow
    {
        public static int ElementSize => sizeof(ushort);

        public static Vec Load(byte* x) => BFloat16Rows.Load((ushort*)x);

        public static Vec LoadPart(byte* x, int count) => BFloat16Rows.LoadPart((ushort*)x, count);
    }

    private readonly struct SumStrip<TRow>(void* x, long rows, long stride, long columns, float* y, bool accumulate) : ITileBody where TRow : struct, IRow
    {
        public const int Width = 64;

        public void Run(int tile, int worker)
        {
            long start = (long)tile * Width;
            int width = (int)Math.Min(Width, columns - start);
            byte* from = (byte*)x + start * TRow.ElementSize;
            if (width == Width) Whole(from, y + start);
            else
                for (int j = 0; j < width; j += Vec.Count) Part(from + j * TRow.ElementSize, y + start + j, RowMath.Part(width - j));
        }

        private void Whole(byte* from, float* to)
        {
            Vec s0 = default, s1 = default, s2 = default, s3 = default;
            for (long r = 0; r < rows; r++, from += stride * TRow.ElementSize)
            {
                s0 += TRow.Load(from);
                s1 += TRow.Load(from + 16 * TRow.ElementSize);
                s2 += TRow.Load(from + 32 * TRow.ElementSize);
                s3 += TRow.Load(from + 48 * TRow.ElementSize);
            }
            Vector512.Store(accumulate ? Vector512.Load(to) + s0 : s0, to);
            Vector512.Store(accumulate ? Vector512.Load(to + 16) + s1 : s1, to + 16);
            Vector512.Store(accumulate ? Vector512.Load(to + 32) + s2 : s2, to + 32);
            Vector512.Store(accumulate ? Vector512.Load(to + 48) + s3 : s3, to + 48);
        }

        private void Part(byte* from, float* to, int width)
        {
            var sum = accumulate ? Elementwise.LoadPart(to, width) : default;
            for (long r = 0; r < rows; r++) sum += TRow.LoadPart(from + r * stride * TRow.ElementSize, width);
            Elementwise.StorePart(sum, to, width);
        }
    }
}
