using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_crossEntropyBackward = CrossEntropyBackward;

    private readonly record struct CrossEntropyArguments(int Ignored, float Scale);

    /// <summary>
    /// The mean over the targets that are not ignored of −log softmax(logits)[target], [1]; 0 where all are ignored (PyTorch's mean is NaN there).
    /// </summary>
    /// <param name="logits">[..., V].</param>
    /// <param name="targets">int32, one for each row of the logits, in [0, V) or ignored.</param>
    /// <param name="ignored">The target that counts for nothing.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a target outside the vocabulary.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets, int ignored = -100)
    {
        const string op = "cross_entropy";
        var cpu = CpuDevice.Of(logits, op);
        if (logits.Shape.Rank == 0 || targets.Count != logits.Shape.Rows)
            throw new ArgumentException($"[{op}] {targets.Count} targets for the rows of logits {logits.Shape}.");
        int* ids = targets.Data<int>(DType.Int32, op);
        long vocabulary = logits.Shape[-1], count = CountTargets(op, ids, targets.Shape, vocabulary, ignored);
        var blocks = RowBlocks.ForRows(logits.Shape.Rows, vocabulary);
        Tensor y = cpu.Empty(new Shape(1)), logSums = cpu.Empty(new Shape(logits.Shape.Rows));
        cpu.Workers.Run(blocks.Count, new LogSumRows(blocks, vocabulary, logits.F32(op), logSums.F32(op)));
        double sum = 0;
        for (long i = 0; i < targets.Count; i++)
            if (ids[i] != ignored) sum += logSums.F32(op)[i] - (double)logits.F32(op)[i * vocabulary + ids[i]];
        y.F32(op)[0] = count == 0 ? 0 : (float)(sum / count);
        var arguments = new CrossEntropyArguments(ignored, count == 0 ? 0 : 1f / count);
        if (cpu.Tape.Record(s_crossEntropyBackward, y, logits, targets, logSums) is { } entry) entry.Set(arguments).Owns(logSums);
        else cpu.Release(logSums.Live());
        return y;
    }

    private static void CrossEntropyBackward(TapeEntry entry)
    {
        const string op = "cross_entropy_backward";
        var (ignored, scale) = entry.Get<CrossEntropyArguments>();
        Tensor logits = entry[0], dx = entry.GradTarget(0, out bool accumulate);
        var blocks = RowBlocks.ForRows(logits.Shape.Rows, logits.Shape[-1]);
        CpuDevice.Of(logits, op).Workers.Run(blocks.Count,
            new CrossEntropyGradient(blocks, logits.Shape[-1], logits.F32(op), entry[1].Data<int>(DType.Int32, op), entry[2].F32(op),
            ignored, scale * entry.OutputGrad.F32(op)[0], dx.F32(op), accumulate));
    }

    private static long CountTargets(string op, int* ids, Shape shape, long vocabulary, int ignored)
    {
        long count = 0;
        for (long i = 0; i < shape.Count; i++)
        {
            if (ids[i] == ignored) continue;
            if ((uint)ids[i] >= (ulong)vocabulary)
                throw new ArgumentException($"[{op}] the target {ids[i]} at {i} of {shape} is neither in the vocabulary of {vocabulary} nor {ignored}, " +
                    "which is ignored.");
            count++;
        }
        return count;
    }

    private readonly struct LogSumRows(RowBlocks blocks, long columns, float* x, float* logSums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float max = RowMath.Max(x + row * columns, columns);
                logSums[row] = max + MathF.Log(RowMath.ExpSum(x + row * columns, columns, max, null));
            }
        }
    }

    /// <summary>dx = (softmax(x) − one-hot(target)) · scale; nothing for an ignored target.</summary>
    private readonly struct CrossEntropyGradient(RowBlocks blocks, long columns, float* x, int* targets, float* logSums, int ignored, float scale,
        float* dx, bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* from = x + row * columns, to = dx + row * columns;
                if (targets[row] != ignored)
                {
                    Row(from, to, Vector512.Create(logSums[row]));
                    to[targets[row]] -= scale;
                }
                else if (!accumulate) new Span<float>(to, (int)columns).Clear();
            }
        }

        private void Row(float* from, float* to, Vec logSum)
        {
            long i = 0;
            for (; i + Vec.Count <= columns; i += Vec.Count) Step(default(AllLanes), from + i, to + i, logSum);
            if (i < columns) Step(new FirstLanes(columns - i), from + i, to + i, logSum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, float* from, float* to, Vec logSum) where T : struct, ILanes
        {
            var value = VectorMath.Exp(lanes.Load(from) - logSum) * scale;
            lanes.Store(accumulate ? value + lanes.Load(to) : value, to);
        }
    }
}
