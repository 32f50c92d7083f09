using System.Runtime.CompilerServices;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Ops;

/// <summary>How a linear layer's weight lies in memory.</summary>
public enum WeightLayout
{
    /// <summary>[inputs, outputs], as GPT-2's files have it: y = x · W.</summary>
    InputsByOutputs,
    /// <summary>[outputs, inputs], as PyTorch's Linear has it: y = x · Wᵀ.</summary>
    OutputsByInputs,
}

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_linearBackward = LinearBackward;

    private readonly record struct LinearArguments(WeightLayout Layout);

    /// <summary>
    /// y = x · W + b, then + residual, in one pass over y. Shapes: x [..., I], W by <paramref name="layout"/>, b [O], residual and y [..., O].
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">Added to each row, or none.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <param name="layout">How the weight lies.</param>
    /// <param name="type">The type of the result, float32 or, without a residual, bfloat16: see <see cref="Device.OperandType"/>. Its gradient is float32.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias = default, Tensor residual = default,
        WeightLayout layout = WeightLayout.OutputsByInputs, DType type = DType.Float32)
    {
        var (_, outputs) = CheckLinear(x, weight, bias, residual, layout);
        if (type == DType.BFloat16 && !residual.IsNone) throw new ArgumentException("[linear] a result of bfloat16 takes no residual.");
        var cpu = CpuDevice.Of(x, "linear");
        var y = cpu.Empty(x.Shape.WithLast(outputs), type);
        var epilogue = new MatrixEpilogue { Bias = OrNull(bias, "linear"), Residual = OrNull(residual, "linear") };
        if (type == DType.BFloat16) epilogue.Rounded = y.Data<ushort>(DType.BFloat16, "linear");
        LinearForward(cpu, x, weight, y, layout, epilogue);
        x.Device.Tape.Record(s_linearBackward, y, x, weight, bias, residual)?.Set(new LinearArguments(layout));
        return y;
    }

    private static void LinearForward(CpuDevice cpu, Tensor x, Tensor weight, Tensor y, WeightLayout layout, in MatrixEpilogue epilogue)
    {
        long inputs = x.Shape[-1], outputs = y.Shape[-1];
        cpu.Matrix.Multiply(y.Shape.Rows, outputs, inputs,
            MatrixOperand.Of(x, inputs, op: "linear"), Weight(weight, layout), epilogue.Rounded != null ? null : y.F32(), outputs, accumulate: false, epilogue);
    }

    private static void LinearBackward(TapeEntry entry)
    {
        var layout = entry.Get<LinearArguments>().Layout;
        Tensor x = entry[0], weight = entry[1], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(x, "linear");
        if (entry.Wants(2)) SumRows(cpu, dy, entry.GradTarget(2, out bool addBias), addBias);
        if (entry.Wants(1)) WeightGradient(cpu, x, dy, entry.GradTarget(1, out bool addWeight), addWeight, layout);
        if (entry.Wants(0)) InputGradient(cpu, dy, weight, entry.GradTarget(0, out bool addInput), addInput, layout);
        if (entry.Wants(3)) entry.Give(3);
    }

    /// <summary>A weight as the right factor of x · W.</summary>
    private static MatrixOperand Weight(Tensor weight, WeightLayout layout) => new(weight.F32("linear"), weight.Shape[1], layout == WeightLayout.OutputsByInputs);

    /// <summary>dW = or += xᵀ · dy, laid out as the weight.</summary>
    private static void WeightGradient(CpuDevice cpu, Tensor x, Tensor dy, Tensor dw, bool accumulate, WeightLayout layout)
    {
        long rows = x.Shape.Rows, inputs = x.Shape[-1], outputs = dy.Shape[-1];
        MatrixOperand xs = MatrixOperand.Of(x, inputs, op: "linear"), dys = MatrixOperand.Of(dy, outputs, op: "linear");
        if (layout == WeightLayout.OutputsByInputs) cpu.Matrix.Multiply(outputs, inputs, rows, Turned(dys), xs, dw.F32("linear"), inputs, accumulate);
        else cpu.Matrix.Multiply(inputs, outputs, rows, Turned(xs), dys, dw.F32("linear"), outputs, accumulate);
    }

    /// <summary>dx = or += dy · Wᵀ.</summary>
    private static void InputGradient(CpuDevice cpu, Tensor dy, Tensor weight, Tensor dx, bool accumulate, WeightLayout layout)
    {
        long outputs = dy.Shape[-1], inputs = dx.Shape[-1];
        cpu.Matrix.Multiply(dy.Shape.Rows, inputs, outputs, MatrixOperand.Of(dy, outputs, op: "linear"), Turned(Weight(weight, layout)), dx.F32("linear"), inputs, accumulate);
    }

    private static (long Inputs, long Outputs) CheckLinear(Tensor x, Tensor weight, Tensor bias, Tensor residual, WeightLayout layout)
    {
        x.Live("linear");
        weight.Live("linear");
        if (weight.Shape.Rank != 2) throw new ArgumentException($"[linear] the weight needs two dimensions and has {weight.Shape}.");
        var (inputs, outputs) = layout == WeightLayout.InputsByOutputs ? (weight.Shape[0], weight.Shape[1]) : (weight.Shape[1], weight.Shape[0]);
        if (x.Shape.Rank < 1 || x.Shape[-1] != inputs)
            throw new ArgumentException($"[linear] x {x.Shape} has no last extent of {inputs}, as the weight {weight.Shape} ({layout}) needs.");
        if (!bias.IsNone && (bias.Shape.Rank != 1 || bias.Shape[0] != outputs))
            throw new ArgumentException($"[linear] the bias {bias.Shape} is not [{outputs}].");
        if (!residual.IsNone && residual.Shape != x.Shape.WithLast(outputs))
            throw new ArgumentException($"[linear] the residual {residual.Shape} is not {x.Shape.WithLast(outputs)}.");
        return (inputs, outputs);
    }

    private static float* OrNull(Tensor tensor, [CallerMemberName] string op = "") => tensor.IsNone ? null : tensor.F32(op);

    public static partial class Compose
    {
        /// <summary><see cref="Op.Linear"/> of plain operations.</summary>
        public static Tensor Linear(Tensor x, Tensor weight, Tensor bias = default, Tensor residual = default,
            WeightLayout layout = WeightLayout.OutputsByInputs)
        {
            var (inputs, outputs) = CheckLinear(x, weight, bias, residual, layout);
            var y = MatMul(x.Reshape(x.Shape.Rows, inputs), weight, transposeB: layout == WeightLayout.OutputsByInputs);
            y = y.Reshape(x.Shape.WithLast(outputs));
            if (!bias.IsNone) y = AddBias(y, bias);
            return residual.IsNone ? y : Add(y, residual);
        }
    }
}
