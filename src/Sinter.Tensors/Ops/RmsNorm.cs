using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_rmsNormBackward = NormBackward<PlainNorm>, s_rmsNormAgain = NormAgain<PlainNorm>,
        s_offsetNormBackward = NormBackward<OffsetNorm>, s_offsetNormAgain = NormAgain<OffsetNorm>;

    /// <summary>
    /// x ÷ √(mean(x²) + ε) · weight over the last dimension (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019). Shapes: x [..., C],
    /// weight [C].
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">The scale of each column.</param>
    /// <param name="epsilon">Added to the mean square; transformers' default for Llama.</param>
    /// <param name="type">The type of the result, float32 or bfloat16: see <see cref="Device.OperandType"/>.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor RmsNorm(Tensor x, Tensor weight, float epsilon = 1e-6f, DType type = DType.Float32) =>
        Norm<PlainNorm>("rms_norm", s_rmsNormBackward, s_rmsNormAgain, x, weight, default, epsilon, type);

    /// <summary>x ÷ √(mean(x²) + ε) · (1 + weight) over the last dimension, as Gemma has it. Shapes as <see cref="RmsNorm"/>'s.</summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">How far the scale of each column is from 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="type">The type of the result, float32 or bfloat16: see <see cref="Device.OperandType"/>.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor OffsetRmsNorm(Tensor x, Tensor weight, float epsilon = 1e-6f, DType type = DType.Float32) =>
        Norm<OffsetNorm>("offset_rms_norm", s_offsetNormBackward, s_offsetNormAgain, x, weight, default, epsilon, type);

    public static partial class Compose
    {
        /// <summary><see cref="Op.RmsNorm"/> of plain operations.</summary>
        public static Tensor RmsNorm(Tensor x, Tensor weight, float epsilon = 1e-6f)
        {
            CheckNorm("rms_norm", x, weight, default);
            return Multiply(Multiply(x, ReciprocalSqrt(MeanLast(Multiply(x, x)), epsilon)), weight);
        }

        /// <summary><see cref="Op.OffsetRmsNorm"/> of plain operations.</summary>
        public static Tensor OffsetRmsNorm(Tensor x, Tensor weight, float epsilon = 1e-6f)
        {
            var plain = weight.Device.Empty(weight.Shape);
            plain.Span.Fill(1);
            return RmsNorm(x, Op.Add(weight, plain), epsilon);
        }
    }
}
