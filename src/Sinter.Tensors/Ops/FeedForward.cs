using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_feedForwardBackward = FeedForwardBackward;

    private readonly record struct FeedForwardArguments(WeightLayout Layout, Activation Activation);

    /// <summary>
    /// y = f(x · W₁ + b₁) · W₂ + b₂, then + residual: the feed-forward part of a block. Only the value before the activation is
    /// kept for the backward pass, in <see cref="Device.OperandType"/>; the activation is made again there, on the tile on which its derivative is taken.
    /// Shapes: x [..., C], W₁ [C, F] and W₂ [F, C'] or transposed as <paramref name="layout"/> says, b₁ [F], b₂ [C'], residual and y [..., C'].
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="up">W₁.</param>
    /// <param name="upBias">b₁, or none.</param>
    /// <param name="down">W₂.</param>
    /// <param name="downBias">b₂, or none.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <param name="layout">How both weights lie.</param>
    /// <param name="activation">f.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor FeedForward(Tensor x, Tensor up, Tensor upBias, Tensor down, Tensor downBias, Tensor residual = default,
        WeightLayout layout = WeightLayout.OutputsByInputs, Activation activation = Activation.GeluTanh)
    {
        const string op = "feed_forward";
        var (_, inner) = CheckLinear(x, up, upBias, default, layout);
        var (cpu, device) = (CpuDevice.Of(x, op), x.Device);
        var type = device.OperandType;
        // What no backward pass will read is not written: then the activation alone.
        bool records = device.Tape.WouldRecord(x, up, upBias, down, downBias, residual);
        Tensor after = device.Empty(x.Shape.WithLast(inner), type), before = records ? device.Empty(after.Shape, type) : default;
        var (_, outputs) = CheckLinear(after, down, downBias, residual, layout);
        var y = device.Empty(x.Shape.WithLast(outputs));
        var sums = before.IsNone ? after : before;
        var epilogue = new MatrixEpilogue { Bias = OrNull(upBias, op), Function = EpilogueFunction.Activation, Activation = activation };
        if (!before.IsNone) epilogue.After = after.Pointer;
        if (type == DType.BFloat16) epilogue.Rounded = sums.Data<ushort>(type, op);
        cpu.Matrix.Multiply(sums.Shape.Rows, inner, x.Shape[-1], MatrixOperand.Of(x, x.Shape[-1], op: op), Weight(up, layout),
            SinglesOrNull(sums), inner, accumulate: false, epilogue);
        LinearForward(cpu, after, down, y, layout, new MatrixEpilogue { Bias = OrNull(downBias, op), Residual = OrNull(residual, op) });
        device.Release(after.Live());
        device.Tape.Record(s_feedForwardBackward, y, x, up, upBias, down, downBias, residual, before)?.Set(new FeedForwardArguments(layout, activation)).Owns(before);
        return y;
    }

    private static void FeedForwardBackward(TapeEntry entry)
    {
        const string op = "feed_forward";
        var (layout, activation) = entry.Get<FeedForwardArguments>();
        Tensor x = entry[0], up = entry[1], down = entry[3], before = entry[6], dy = entry.OutputGrad;
        var (cpu, device) = (CpuDevice.Of(x, op), x.Device);
        if (entry.Wants(4)) SumRows(cpu, dy, entry.GradTarget(4, out bool addDownBias), addDownBias);
        if (entry.Wants(0) || entry.Wants(1) || entry.Wants(2) || entry.Wants(3))
        {
            // The activation takes the place of the value before it, tile by tile.
            Tensor after = before, dBefore = device.Empty(before.Shape, before.DType);
            var epilogue = new MatrixEpilogue
            {
                Function = EpilogueFunction.ActivationGradient,
                Activation = activation,
                Before = before.Pointer,
                After = after.Pointer,
            };
            if (before.DType == DType.BFloat16) epilogue.Rounded = dBefore.Data<ushort>(DType.BFloat16, op);
            long inner = before.Shape[-1], outputs = dy.Shape[-1];
            cpu.Matrix.Multiply(before.Shape.Rows, inner, outputs, new MatrixOperand(dy.F32(op), outputs), Turned(Weight(down, layout)),
                SinglesOrNull(dBefore), inner, accumulate: false, epilogue);
            if (entry.Wants(3)) WeightGradient(cpu, after, dy, entry.GradTarget(3, out bool addDown), addDown, layout);
            if (entry.Wants(2)) SumRows(cpu, dBefore, entry.GradTarget(2, out bool addUpBias), addUpBias);
            if (entry.Wants(1)) WeightGradient(cpu, x, dBefore, entry.GradTarget(1, out bool addUp), addUp, layout);
            if (entry.Wants(0)) InputGradient(cpu, dBefore, up, entry.GradTarget(0, out bool addInput), addInput, layout);
            device.Release(dBefore.Live());
        }
        if (entry.Wants(5)) entry.Give(5);
    }

    private static float* SinglesOrNull(Tensor tensor) => tensor.DType == DType.Float32 ? tensor.F32("feed_forward") : null;

    public static partial class Compose
    {
        /// <summary><see cref="Op.FeedForward"/> of plain operations.</summary>
        public static Tensor FeedForward(Tensor x, Tensor up, Tensor upBias, Tensor down, Tensor downBias, Tensor residual = default,
            WeightLayout layout = WeightLayout.OutputsByInputs, Activation activation = Activation.GeluTanh) =>
            Linear(Activate(Linear(x, up, upBias, layout: layout), activation), down, downBias, residual, layout);
    }
}
