using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_layerNormBackward = NormBackward<CenteredNorm>, s_layerNormAgain = NormAgain<CenteredNorm>;

    private readonly record struct NormArguments(float Epsilon);

    /// <summary>
    /// (x − mean) ÷ √(variance + ε) · weight + bias over the last dimension (Ba, Kiros and Hinton, "Layer Normalization", 2016). Shapes: x [..., C],
    /// weight and bias [C].
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">The scale of each column.</param>
    /// <param name="bias">Added to each row, or none.</param>
    /// <param name="epsilon">Added to the variance (that of n, not n − 1); PyTorch's default.</param>
    /// <param name="type">The type of the result, float32 or bfloat16: see <see cref="Device.OperandType"/>.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor LayerNorm(Tensor x, Tensor weight, Tensor bias = default, float epsilon = 1e-5f, DType type = DType.Float32) =>
        Norm<CenteredNorm>("layer_norm", s_layerNormBackward, s_layerNormAgain, x, weight, bias, epsilon, type);

    private static Tensor Norm<TNorm>(string op, BackwardFunction backward, BackwardFunction again, Tensor x, Tensor weight, Tensor bias, float epsilon,
        DType type) where TNorm : struct, INorm
    {
        CheckNorm(op, x, weight, bias);
        var cpu = CpuDevice.Of(x, op);
        Tensor y = cpu.Empty(x.Shape, type), statistics = cpu.Empty(new Shape(x.Shape.Rows, 2));
        Norm<TNorm>(cpu, op, x, weight, bias, epsilon, y, statistics);
        if (cpu.Tape.Record(backward, y, x, weight, bias, statistics) is { } entry)
        {
            entry.Set(new NormArguments(epsilon)).Owns(statistics);
            if (type == DType.Float32) entry.Remake = again;
        }
        else cpu.Release(statistics.Live());
        return y;
    }

    private static void Norm<TNorm>(CpuDevice cpu, string op, Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor y, Tensor statistics)
        where TNorm : struct, INorm
    {
        long columns = x.Shape[-1];
        var blocks = RowBlocks.ForRows(x.Shape.Rows, columns);
        bool rounds = y.DType == DType.BFloat16;
        float* rows32 = rounds ? (float*)cpu.Working.Get(NormForward<TNorm>.RowsAtOnce * columns * sizeof(float) * cpu.Workers.Count) : y.F32(op);
        cpu.Workers.Run(blocks.Count, new NormForward<TNorm>(blocks, columns, epsilon, x.F32(op), weight.F32(op), OrNull(bias, op), rows32,
            rounds ? y.Data<ushort>(DType.BFloat16, op) : null, statistics.F32(op)));
    }

    private static void NormAgain<TNorm>(TapeEntry entry) where TNorm : struct, INorm => Norm<TNorm>(CpuDevice.Of(entry[0], "norm_again"), "norm_again",
        entry[0], entry[1], entry[2], entry.Get<NormArguments>().Epsilon, entry.Output, entry[3]);

    private static void NormBackward<TNorm>(TapeEntry entry) where TNorm : struct, INorm
    {
        const string op = "norm_backward";
        Tensor x = entry[0], weight = entry[1], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(x, op);
        long columns = x.Shape[-1];
        bool wantsSums = entry.Wants(1) || entry.Wants(2);
        var blocks = wantsSums ? RowBlocks.ForSums(x.Shape.Rows, columns) : RowBlocks.ForRows(x.Shape.Rows, columns);
        bool accumulate = false;
        float* dx = entry.Wants(0) ? entry.GradTarget(0, out accumulate).F32(op) : null;
        var partials = wantsSums ? cpu.Empty(new Shape(blocks.Count, 2 * columns)) : default;
        cpu.Workers.Run(blocks.Count,
            new NormBackward<TNorm>(blocks, columns, x.F32(op), weight.F32(op), entry[3].F32(op), dy.F32(op), dx, accumulate, OrNull(partials)));
        if (!wantsSums) return;
        for (int i = 1; i <= 2; i++)
        {
            if (!entry.Wants(i)) continue;
            var sums = entry.GradTarget(i, out bool add);
            SumColumns(cpu, partials.F32(op) + (i - 1) * columns, blocks.Count, 2 * columns, columns, sums.F32(op), add);
        }
        cpu.Release(partials.Live());
    }

    private static void CheckNorm(string op, Tensor x, Tensor weight, Tensor bias)
    {
        if (x.Shape.Rank < 1) throw new ArgumentException($"[{op}] x needs a dimension and is a scalar.");
        long columns = x.Shape[-1];
        if (weight.Shape.Rank != 1 || weight.Shape[0] != columns)
            throw new ArgumentException($"[{op}] the weight {weight.Shape} is not [{columns}], the last extent of x {x.Shape}.");
        if (!bias.IsNone && (bias.Shape.Rank != 1 || bias.Shape[0] != columns))
            throw new ArgumentException($"[{op}] the bias {bias.Shape} is not [{columns}], the last extent of x {x.Shape}.");
    }

    public static partial class Compose
    {
        /// <summary><see cref="Op.LayerNorm"/> of plain operations.</summary>
        public static Tensor LayerNorm(Tensor x, Tensor weight, Tensor bias = default, float epsilon = 1e-5f)
        {
            CheckNorm("layer_norm", x, weight, bias);
            var centered = Subtract(x, MeanLast(x));
            var y = Multiply(Multiply(centered, ReciprocalSqrt(MeanLast(Multiply(centered, centered)), epsilon)), weight);
            return bias.IsNone ? y : AddBias(y, bias);
        }
    }
}
