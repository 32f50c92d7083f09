using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>The exponential of scores, to base 2: the factor log₂ e goes into the scale that scores are multiplied with anyway.</summary>
internal static class ScoreExp
{
    public const float Log2E = 1.44269504f;
    private const float Ln2 = 0.693147182f;
    private const byte ToFloor = 0x09;   // the fraction above the next lower whole number, without an exception

    /// <summary>
    /// 2ˣ within 1.5e-7 of itself: a minimax polynomial of degree 5 of the fraction (relative error 7.5e-8), times 2 to the whole part. −∞ gives 0,
    /// +∞ gives ∞, NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Exp2(Vec x)
    {
        if (!Avx512DQ.IsSupported) return VectorMath.Exp(x * Ln2);
        var r = Avx512DQ.Reduce(x, ToFloor);
        var p = Vector512.Create(0.00187757669f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.00898933969f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0558263175f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.240153611f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.693153083f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.999999940f));
        return Avx512F.Scale(p, x);
    }
}
