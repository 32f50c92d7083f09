using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_tanhBackward = UnaryBackward<TanhGradient>;

    /// <summary>tanh x. Any shape.</summary>
    public static Tensor Tanh(Tensor x) => Unary("tanh", default(TanhValue), s_tanhBackward, x);

    private readonly struct TanhValue : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => VectorMath.Tanh(x);
    }

    private readonly struct TanhGradient : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec x, Vec dy, Vec unused)
        {
            var t = VectorMath.Tanh(x);
            return (Vec.One - t * t) * dy;
        }
    }
}
