using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_geluBackward = UnaryBackward<GeluGradient>;

    /// <summary>GELU by its tanh approximation, <c>gelu_new</c> in transformers: ½x(1 + tanh(√(2/π)(x + 0.044715x³))). Any shape.</summary>
    public static Tensor Gelu(Tensor x) => Unary("gelu", default(GeluValue), s_geluBackward, x);

    private readonly struct GeluValue : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => VectorMath.Gelu(x);
    }

    private readonly struct GeluGradient : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec x, Vec dy, Vec unused) => VectorMath.GeluSlope(x) * dy;
    }
}
