using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_softmaxBackward = SoftmaxBackward;

    /// <summary>
    /// softmax(x + mask) over the last dimension. Shapes: x [..., T, S]; mask [T, S], the same for all matrices of x, or none, when x is any [...,
    /// S]. A row of which every number is −∞ gives zeros, as attention over nothing does.
    /// </summary>
    /// <param name="x">Scores.</param>
    /// <param name="mask">Added first; −∞ forbids. It gets a gradient where it wants one: a bias of positions.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Softmax(Tensor x, Tensor mask = default)
    {
        const string op = "softmax";
        if (x.Shape.Rank == 0) throw new ArgumentException($"[{op}] x needs a dimension and is a scalar.");
        if (!mask.IsNone && (x.Shape.Rank < 2 || mask.Shape != new Shape(x.Shape[-2], x.Shape[-1])))
            throw new ArgumentException($"[{op}] the mask {mask.Shape} is not the last two extents of x {x.Shape}.");
        var cpu = CpuDevice.Of(x, op);
        var y = cpu.Empty(x.Shape);
        var blocks = RowBlocks.ForRows(x.Shape.Rows, x.Shape[-1]);
        cpu.Workers.Run(blocks.Count, new SoftmaxRows(blocks, x.Shape[-1], x.F32(op), OrNull(mask, op), mask.IsNone ? 1 : mask.Shape[0], y.F32(op)));
        cpu.Tape.Record(s_softmaxBackward, y, x, mask, y);
        return y;
    }

    private static void SoftmaxBackward(TapeEntry entry)
    {
        Tensor y = entry[2], dy = entry.OutputGrad, mask = entry[1];
        var cpu = CpuDevice.Of(y, "softmax");
        var blocks = RowBlocks.ForRows(y.Shape.Rows, y.Shape[-1]);
        bool accumulate = false;
        var dx = entry.Wants(1) ? cpu.Empty(y.Shape) : entry.GradTarget(0, out accumulate);
        cpu.Workers.Run(blocks.Count, new SoftmaxGradient(blocks, y.Shape[-1], y.F32(), dy.F32(), dx.F32(), accumulate));
        if (!entry.Wants(1)) return;
        long matrices = mask.Count == 0 ? 0 : y.Count / mask.Count;
        SumColumns(cpu, dx.F32(), matrices, mask.Count, mask.Count, entry.GradTarget(1, out bool addMask).F32(), addMask);
        if (entry.Wants(0)) Elementwise.AddOrCopy(cpu, entry.GradTarget(0, out bool add).F32(), dx.F32(), dx.Count, add);
        cpu.Release(dx.Live());
    }

    private readonly struct SoftmaxRows(RowBlocks blocks, long columns, float* x, float* mask, long maskRows, float* y) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = x + row * columns, to = y + row * columns;
                if (mask != null)
                {
                    RowMath.Add(from, mask + row % maskRows * columns, to, columns);
                    from = to;
                }
                float max = RowMath.Max(from, columns);
                if (float.IsNegativeInfinity(max)) new Span<float>(to, (int)columns).Clear();
                else RowMath.Scale(to, columns, 1 / RowMath.ExpSum(from, columns, max, to));
            }
        }
    }

    /// <summary>dx = y · (dy − Σ y·dy).</summary>
    private readonly struct SoftmaxGradient(RowBlocks blocks, long columns, float* y, float* dy, float* dx, bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                long i = row * columns, end = i + columns;
                var dot = Vector512.Create(RowMath.Dot(y + i, dy + i, columns));
                for (; i + Vec.Count <= end; i += Vec.Count) Step(default(AllLanes), i, dot);
                if (i < end) Step(new FirstLanes(end - i), i, dot);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long i, Vec dot) where T : struct, ILanes
        {
            var value = lanes.Load(y + i) * (lanes.Load(dy + i) - dot);
            lanes.Store(accumulate ? value + lanes.Load(dx + i) : value, dx + i);
        }
    }
}
