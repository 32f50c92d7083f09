using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>How the second operand meets each row of the first.</summary>
internal enum Broadcast
{
    /// <summary>Element by element: the same shape.</summary>
    None,
    /// <summary>One row for all: [C].</summary>
    Row,
    /// <summary>One number for each row: [..., 1].</summary>
    Column,
}

/// <summary>Element-wise functions of a tensor and one that is repeated over its rows or columns.</summary>
internal static unsafe class Broadcasting
{
    /// <summary>How <paramref name="b"/> meets <paramref name="a"/>.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static Broadcast Of(string op, Tensor a, Tensor b)
    {
        b.Live(op);
        if (a.Shape == b.Shape) return Broadcast.None;
        if (a.Shape.Rank > 0 && b.Shape.Rank == 1 && b.Shape[0] == a.Shape[-1]) return Broadcast.Row;
        if (a.Shape.Rank > 0 && b.Shape == a.Shape.WithLast(1)) return Broadcast.Column;
        throw new ArgumentException($"[{op}] {b.Shape} is neither the shape of {a.Shape}, nor one row of it, nor one number for each of its rows.");
    }

    /// <summary>y = f(a, b), or y += f(a, b), of a's shape.</summary>
    public static void Run<T>(CpuDevice cpu, T function, Broadcast how, Tensor y, Tensor a, Tensor b, bool accumulate = false)
        where T : unmanaged, IElementwise
    {
        if (how == Broadcast.None)
        {
            Elementwise.Run(cpu, function, y.F32(), y.Count, a.F32(), b.F32(), accumulate: accumulate);
            return;
        }
        var blocks = RowBlocks.ForRows(a.Shape.Rows, a.Shape[-1]);
        cpu.Workers.Run(blocks.Count, new Body<T>(function, how == Broadcast.Row, blocks, a.Shape[-1], y.F32(), a.F32(), b.F32(), accumulate));
    }

    /// <summary>The gradient of the second operand: y = or += x, summed over what the operand was repeated over.</summary>
    public static void Reduce(CpuDevice cpu, Broadcast how, Tensor y, Tensor x, bool accumulate)
    {
        if (how == Broadcast.None) Elementwise.AddOrCopy(cpu, y.F32(), x.F32(), y.Count, accumulate);
        else if (how == Broadcast.Row) Op.SumRows(cpu, x, y, accumulate);
        else RowSums(cpu, x, y, accumulate);
    }

    /// <summary>y[i] = or += Σⱼ x[i, j].</summary>
    public static void RowSums(CpuDevice cpu, Tensor x, Tensor y, bool accumulate)
    {
        var blocks = RowBlocks.ForRows(y.Count, x.Shape[-1]);
        cpu.Workers.Run(blocks.Count, new RowSumBody(blocks, x.Shape[-1], y.F32(), x.F32(), accumulate));
    }

    private readonly struct RowSumBody(RowBlocks blocks, long columns, float* y, float* x, bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
                y[row] = (accumulate ? y[row] : 0) + RowMath.Sum(x + row * columns, columns);
        }
    }

    private readonly struct Body<T>(T function, bool isRow, RowBlocks blocks, long columns, float* y, float* a, float* b, bool accumulate)
        : ITileBody where T : unmanaged, IElementwise
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                long i = 0, at = row * columns;
                for (; i + Vec.Count <= columns; i += Vec.Count) Step(default(AllLanes), row, i, at + i);
                if (i < columns) Step(new FirstLanes(columns - i), row, i, at + i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<TLanes>(TLanes lanes, long row, long column, long at) where TLanes : struct, ILanes
        {
            var value = function.Invoke(lanes.Load(a + at), isRow ? lanes.Load(b + column) : Vector512.Create(b[row]), default);
            lanes.Store(accumulate ? value + lanes.Load(y + at) : value, y + at);
        }
    }
}
