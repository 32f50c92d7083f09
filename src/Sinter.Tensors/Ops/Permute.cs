using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_permuteBackward = PermuteBackward;

    /// <summary>For each dimension of the result the dimension of x, packed in bytes.</summary>
    private readonly record struct PermuteArguments(int Order)
    {
        public int this[int dimension] => Order >> (8 * dimension) & 0xff;

        public PermuteArguments Inverse(int rank)
        {
            int inverse = 0;
            for (int i = 0; i < rank; i++) inverse |= i << (8 * this[i]);
            return new PermuteArguments(inverse);
        }
    }

    /// <summary>
    /// The elements in another order of dimensions, as a copy: dimension i of the result is dimension <paramref name="order"/>[i] of x. [B, T, H, D]
    /// with the order 0, 2, 1, 3 becomes [B, H, T, D].
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="order"/> is no permutation of x's dimensions.</exception>
    public static Tensor Permute(Tensor x, params ReadOnlySpan<int> order)
    {
        var arguments = CheckPermutation(x, order);
        var cpu = CpuDevice.Of(x, "permute");
        var y = cpu.Empty(Permuted(x.Shape, arguments));
        CopyPermuted(cpu, x, y, arguments, accumulate: false);
        cpu.Tape.Record(s_permuteBackward, y, x)?.Set(arguments);
        return y;
    }

    /// <summary>x with two dimensions exchanged, as a copy; negative numbers count from the last.</summary>
    /// <exception cref="ArgumentException">x has no such dimension.</exception>
    public static Tensor Transpose(Tensor x, int first = -2, int second = -1)
    {
        int rank = x.Shape.Rank;
        Span<int> order = [0, 1, 2, 3];
        int i = first < 0 ? first + rank : first, j = second < 0 ? second + rank : second;
        if ((uint)i >= (uint)rank || (uint)j >= (uint)rank)
            throw new ArgumentException($"[transpose] x {x.Shape} has no dimensions {first} and {second}.");
        (order[i], order[j]) = (order[j], order[i]);
        return Permute(x, order[..rank]);
    }

    private static void PermuteBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        CopyPermuted(CpuDevice.Of(dx, "permute"), entry.OutputGrad, dx, entry.Get<PermuteArguments>().Inverse(dx.Shape.Rank), accumulate);
    }

    private static void CopyPermuted(CpuDevice cpu, Tensor x, Tensor y, PermuteArguments order, bool accumulate)
    {
        int rank = y.Shape.Rank;
        long* strides = stackalloc long[Shape.MaxRank], of = stackalloc long[Shape.MaxRank];
        long stride = 1;
        for (int i = rank - 1; i >= 0; stride *= x.Shape[i--]) of[i] = stride;
        // The result as four dimensions, the missing ones outermost with one element.
        for (int i = 0; i < Shape.MaxRank; i++) strides[i] = i < Shape.MaxRank - rank ? 0 : of[order[i - (Shape.MaxRank - rank)]];
        var blocks = RowBlocks.ForRows(y.Shape.Rows, rank == 0 ? 1 : y.Shape[-1]);
        cpu.Workers.Run(blocks.Count,
            new PermutedRows(blocks, x.F32(), y.F32(), rank > 2 ? y.Shape[-3] : 1, rank > 1 ? y.Shape[-2] : 1, rank == 0 ? 1 : y.Shape[-1],
            strides[0], strides[1], strides[2], rank == 0 ? 1 : strides[3], accumulate));
    }

    private static PermuteArguments CheckPermutation(Tensor x, ReadOnlySpan<int> order)
    {
        int packed = 0, seen = 0;
        for (int i = 0; i < order.Length && i < Shape.MaxRank; i++)
        {
            if ((uint)order[i] < Shape.MaxRank) seen |= 1 << order[i];
            packed |= (order[i] & 0xff) << (8 * i);
        }
        if (order.Length == x.Shape.Rank && seen == (1 << order.Length) - 1) return new PermuteArguments(packed);
        string numbers = string.Join(", ", order.ToArray());
        throw new ArgumentException($"[permute] the order ({numbers}) is no permutation of the dimensions of x {x.Shape}.");
    }

    private static Shape Permuted(Shape x, PermuteArguments order)
    {
        Span<long> extents = stackalloc long[x.Rank];
        for (int i = 0; i < extents.Length; i++) extents[i] = x[order[i]];
        return new Shape(extents);
    }

    private readonly struct PermutedRows(RowBlocks blocks, float* x, float* y, long extent1, long extent2, long columns, long stride0, long stride1,
        long stride2, long stride3, bool accumulate)
        : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = x + row / extent2 / extent1 * stride0 + row / extent2 % extent1 * stride1 + row % extent2 * stride2,
                    to = y + row * columns;
                if (stride3 == 1) CopyRow(from, to);
                else
                    for (long i = 0; i < columns; i++) to[i] = (accumulate ? to[i] : 0) + from[i * stride3];
            }
        }

        private void CopyRow(float* from, float* to)
        {
            if (accumulate) RowMath.Add(from, to, to, columns);
            else Buffer.MemoryCopy(from, to, columns * sizeof(float), columns * sizeof(float));
        }
    }
}
