using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_siluBackward = UnaryBackward<SiluGradient>;

    /// <summary>x · σ(x), also called swish (Hendrycks and Gimpel, 2016, section 4). Any shape.</summary>
    public static Tensor Silu(Tensor x) => Unary("silu", default(SiluValue), s_siluBackward, x);

    private readonly struct SiluValue : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => VectorMath.Silu(x);
    }

    private readonly struct SiluGradient : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec x, Vec dy, Vec c) => VectorMath.SiluSlope(x) * dy;
    }
}
