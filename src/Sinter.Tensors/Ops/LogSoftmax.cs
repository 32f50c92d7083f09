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
        CpuDevice.Of(y, "log_softmax").Workers.Run(blocks.Count, new LogSoftmaxGradient(blocks, y.Shape[-1], y.F32(), entry.OutputGrad.F32(), dx.F32(), accumulate));
    }

    private readonly struct LogSoftmaxRows(RowBlocks blocks, long columns, float* x, float* y) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var work = new SoftmaxRow(columns);
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = x + row * columns, to = y + row * columns;
                float max = work.Max(from), logSum = MathF.Log(work.ExpSum(from, max, null));
                // Largest first: max and the logarithm in one number would lose the small differences of large logits.
                Vec shift = Vector512.Create(max), rest = Vector512.Create(logSum);
                for (long i = 0; i < columns; i += Vec.Count)
                {
                    int part = RowMath.Part(columns - i);
                    Elementwise.StorePart(Elementwise.LoadPart(from + i, part) - shift - rest, to + i, part);
                }
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
                var sum = Vector512.Create(RowMath.Sum(dy + row * columns, columns));
                for (long i = 0, at = row * columns; i < columns; i += Vec.Count)
                {
                    int part = RowMath.Part(columns - i);
                    var value = Elementwise.LoadPart(dy + at + i, part) - VectorMath.Exp(Elementwise.LoadPart(y + at + i, part)) * sum;
                    if (accumulate) value += Elementwise.LoadPart(dx + at + i, part);
                    Elementwise.StorePart(value, dx + at + i, part);
                }
            }
        }
    }
}
