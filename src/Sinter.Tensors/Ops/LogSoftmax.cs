using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_logSoftmaxBackward = LogSoftmaxBackward;

    /// <summary>x − log Σ exp(x) over the last dimension, x [..., S].</summary>
    /// <exception cref="ArgumentException">x is a scalar.</exception>
    public static Tensor LogSoftmax(Tensor x)
    {
        const string op = "log_softmax";
        if (x.Shape.Rank == 0) throw new ArgumentException($"[{op}] x needs a dimension and is a scalar.");
        var cpu = CpuDevice.Of(x, op);
        var y = cpu.Empty(x.Shape);
        var blocks = RowBlocks.ForRows(x.Shape.Rows, x.Shape[-1]);
        cpu.Workers.Run(blocks.Count, new LogSoftmaxRows(blocks, x.Shape[-1], x.F32(op), y.F32(op)));
        cpu.Tape.Record(s_logSoftmaxBackward, y, x, y);
        return y;
    }

    private static void LogSoftmaxBackward(TapeEntry entry)
    {
        Tensor y = entry[1], dx = entry.GradTarget(0, out bool accumulate);
        var blocks = RowBlocks.ForRows(y.Shape.Rows, y.Shape[-1]);
        CpuDevice.Of(y, "log_softmax").Workers.Run(blocks.Count,
            new LogSoftmaxGradient(blocks, y.Shape[-1], y.F32(), entry.OutputGrad.F32(), dx.F32(), accumulate));
    }

    private readonly struct LogSoftmaxRows(RowBlocks blocks, long columns, float* x, float* y) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = x + row * columns, to = y + row * columns;
                float max = RowMath.Max(from, columns), logSum = MathF.Log(RowMath.ExpSum(from, columns, max, null));
                // Largest first: max and the logarithm in one number would lose the small differences of large logits.
                Vec shift = Vector512.Create(max), rest = Vector512.Create(logSum);
                long i = 0;
                for (; i + Vec.Count <= columns; i += Vec.Count) Vector512.Store(Vector512.Load(from + i) - shift - rest, to + i);
                for (; i < columns; i++) to[i] = from[i] - max - logSum;
            }
        }
    }

    /// <summary>dx = dy − exp(y) · Σ dy.</summary>
    private readonly struct LogSoftmaxGradient(RowBlocks blocks, long columns, float* y, float* dy, float* dx, bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                long i = row * columns, end = i + columns;
                var sum = Vector512.Create(RowMath.Sum(dy + i, columns));
                for (; i + Vec.Count <= end; i += Vec.Count) Step(default(AllLanes), i, sum);
                if (i < end) Step(new FirstLanes(end - i), i, sum);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long i, Vec sum) where T : struct, ILanes
        {
            var value = lanes.Load(dy + i) - VectorMath.Exp(lanes.Load(y + i)) * sum;
            lanes.Store(accumulate ? value + lanes.Load(dx + i) : value, dx + i);
        }
    }
}
