using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

/// <summary>The function between the two maps of a feed-forward layer.</summary>
public enum Activation
{
    /// <summary>GELU by its tanh approximation: <c>gelu_new</c> in transformers.</summary>
    GeluTanh,
    /// <summary>GELU itself, x · Φ(x) (Hendrycks and Gimpel, "Gaussian error linear units", 2016): <c>gelu</c>.</summary>
    Gelu,
    /// <summary>max(x, 0): <c>relu</c>.</summary>
    Relu,
}

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_erfGeluBackward = UnaryBackward<ActivationGradient<ErfGelu<SingleNormalArea>>>,
        s_reluBackward = UnaryBackward<ActivationGradient<ReluFunction>>;

    /// <summary>The function of x, element by element. Any shape.</summary>
    public static Tensor Activate(Tensor x, Activation activation) => activation switch
    {
        Activation.GeluTanh => Gelu(x),
        Activation.Gelu => ErfGelu(x),
        Activation.Relu => Relu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>x · Φ(x), Φ the distribution function of the standard normal: <c>gelu</c> in transformers. Any shape.</summary>
    public static Tensor ErfGelu(Tensor x) => Unary("erf_gelu", default(ActivationValue<ErfGelu<SingleNormalArea>>), s_erfGeluBackward, x);

    /// <summary>max(x, 0); the derivative at 0 is 0, as PyTorch's. Any shape.</summary>
    public static Tensor Relu(Tensor x) => Unary("relu", default(ActivationValue<ReluFunction>), s_reluBackward, x);

    private readonly struct ActivationValue<T> : IElementwise where T : struct, IActivation
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => T.Value(x);
    }

    private readonly struct ActivationGradient<T> : IElementwise where T : struct, IActivation
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec x, Vec dy, Vec unused) => T.Slope(x, out _) * dy;
    }
}
