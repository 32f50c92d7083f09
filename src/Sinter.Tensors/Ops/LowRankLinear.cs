using System.Runtime.CompilerServices;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_lowRankLinearBackward = LowRankLinearBackward;

    private readonly record struct LowRankArguments(WeightLayout Layout, float Scale);

    /// <summary>
    /// y = gain ∘ (x · W + scale · (z · Aᵀ) · Bᵀ) + b, then + residual: a linear layer whose weight has a change of low rank R that is never built (Hu et
    /// al., "LoRA", 2021, equation 3), and with a gain that of Liu et al., "DoRA" (2024, equation 5). Kept for the backward pass are scale · z · Aᵀ, R
    /// numbers a row, and with a gain what it multiplies. Shapes: x and z [..., I], W by <paramref name="layout"/>, A [R, I], B [O, R], gain and b [O],
    /// residual and y [..., O].
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">Added to each row, or none.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <param name="layout">How the weight lies.</param>
    /// <param name="low">A, B, scale, z and gain.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor LowRankLinear(Tensor x, Tensor weight, Tensor bias, Tensor residual, WeightLayout layout, in LowRankFactors low)
    {
        const string op = "low_rank_linear";
        var (inputs, outputs) = CheckLinear(x, weight, bias, residual, layout);
        low.Check(op, x, inputs, outputs);
        var cpu = CpuDevice.Of(x, op);
        Tensor y = cpu.Empty(x.Shape.WithLast(outputs)), reduced = cpu.Empty(x.Shape.WithLast(low.A.Shape[0]));
        ReduceRows(cpu, low.Input.IsNone ? x : low.Input, low.A, low.Scale, reduced);
        var sum = low.Gain.IsNone ? y : cpu.Empty(y.Shape);
        LinearForward(cpu, x, weight, sum, layout, low.Gain.IsNone ? new MatrixEpilogue { Bias = OrNull(bias, op), Residual = OrNull(residual, op) } : default);
        AddExpanded(cpu, reduced, low.B, sum);
        if (!low.Gain.IsNone)
        {
            var blocks = RowBlocks.ForRows(y.Shape.Rows, outputs);
            cpu.Workers.Run(blocks.Count, new GainBody(blocks, outputs, sum.F32(op), low.Gain.F32(op), OrNull(bias, op), OrNull(residual, op), y.F32(op)));
        }
        if (cpu.Tape.Record(s_lowRankLinearBackward, y, x, weight, bias, residual, low.A, low.B, low.Input, reduced, low.Gain, low.Gain.IsNone ? default : sum) is { } entry)
        {
            entry.Set(new LowRankArguments(layout, low.Scale)).Owns(reduced);
            if (!low.Gain.IsNone) entry.Owns(sum);
            return y;
        }
        cpu.Release(reduced.Live());
        if (!low.Gain.IsNone) cpu.Release(sum.Live());
        return y;
    }

    private static void LowRankLinearBackward(TapeEntry entry)
    {
        const string op = "low_rank_linear";
        var (layout, scale) = entry.Get<LowRankArguments>();
        Tensor x = entry[0], weight = entry[1], a = entry[4], b = entry[5], reduced = entry[7], gain = entry[8], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(x, op);
        if (entry.Wants(2)) SumRows(cpu, dy, entry.GradTarget(2, out bool addBias), addBias);
        var dSum = gain.IsNone ? dy : GainBackward(cpu, entry, dy, gain);
        if (entry.Wants(1)) WeightGradient(cpu, x, dSum, entry.GradTarget(1, out bool addWeight), addWeight, layout);
        if (entry.Wants(5)) WeightGradient(cpu, reduced, dSum, entry.GradTarget(5, out bool addB), addB, WeightLayout.OutputsByInputs);
        if (entry.Wants(0)) InputGradient(cpu, dSum, weight, entry.GradTarget(0, out bool addInput), addInput, layout);
        int read = entry[6].IsNone ? 0 : 6;
        if (entry.Wants(4) || entry.Wants(read))
        {
            var dReduced = cpu.Empty(reduced.Shape);
            InputGradient(cpu, dSum, b, dReduced, false, WeightLayout.OutputsByInputs);
            Elementwise.Run(cpu, new ScaleFunction(scale), dReduced.F32(op), dReduced.Count, dReduced.F32(op));
            if (entry.Wants(4)) WeightGradient(cpu, entry[read], dReduced, entry.GradTarget(4, out bool addA), addA, WeightLayout.OutputsByInputs);
            if (entry.Wants(read)) InputGradient(cpu, dReduced, a, entry.GradTarget(read, out bool addRead), addRead, WeightLayout.OutputsByInputs);
            cpu.Release(dReduced.Live());
        }
        if (!gain.IsNone) cpu.Release(dSum.Live());
        if (entry.Wants(3)) entry.Give(3);
    }

    /// <summary>reduced = scale · z · Aᵀ.</summary>
    private static void ReduceRows(CpuDevice cpu, Tensor z, Tensor a, float scale, Tensor reduced)
    {
        LinearForward(cpu, z, a, reduced, WeightLayout.OutputsByInputs, default);
        if (scale != 1) Elementwise.Run(cpu, new ScaleFunction(scale), reduced.F32(), reduced.Count, reduced.F32());
    }

    /// <summary>y += reduced · Bᵀ.</summary>
    private static void AddExpanded(CpuDevice cpu, Tensor reduced, Tensor b, Tensor y)
    {
        long rank = b.Shape[1], outputs = b.Shape[0];
        cpu.Matrix.Multiply(y.Shape.Rows, outputs, rank, MatrixOperand.Of(reduced, rank), Weight(b, WeightLayout.OutputsByInputs), y.F32(), outputs, accumulate: true);
    }

    /// <summary>The gradient of what the gain multiplies, and that of the gain where it wants one.</summary>
    private static Tensor GainBackward(CpuDevice cpu, TapeEntry entry, Tensor dy, Tensor gain)
    {
        var dSum = cpu.Empty(dy.Shape);
        if (entry.Wants(8))
        {
            Broadcasting.Run(cpu, default(ProductFunction), Broadcast.None, dSum, dy, entry[9]);
            SumRows(cpu, dSum, entry.GradTarget(8, out bool addGain), addGain);
        }
        Broadcasting.Run(cpu, default(ProductFunction), Broadcast.Row, dSum, dy, gain);
        return dSum;
    }

    /// <summary>y = sum ∘ gain + bias + residual.</summary>
    private readonly struct GainBody(RowBlocks blocks, long columns, float* sum, float* gain, float* bias, float* residual, float* y) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                long i = 0, at = row * columns;
                for (; i + Vec.Count <= columns; i += Vec.Count) Step(default(AllLanes), i, at + i);
                if (i < columns) Step(new FirstLanes(columns - i), i, at + i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long column, long at) where T : struct, ILanes
        {
            var value = lanes.Load(sum + at) * lanes.Load(gain + column);
            if (bias != null) value += lanes.Load(bias + column);
            if (residual != null) value += lanes.Load(residual + at);
            lanes.Store(value, y + at);
        }
    }

    public static partial class Compose
    {
        /// <summary><see cref="Op.LowRankLinear"/> of plain operations.</summary>
        public static Tensor LowRankLinear(Tensor x, Tensor weight, Tensor bias, Tensor residual, WeightLayout layout, in LowRankFactors low)
        {
            var z = low.Input.IsNone ? x : low.Input;
            var change = Scale(Linear(Linear(z, low.A), low.B), low.Scale);
            var y = Op.Add(Linear(x, weight, layout: layout), change);
            if (!low.Gain.IsNone) y = Multiply(y, low.Gain);
            if (!bias.IsNone) y = AddBias(y, bias);
            return residual.IsNone ? y : Op.Add(y, residual);
        }
    }
}
