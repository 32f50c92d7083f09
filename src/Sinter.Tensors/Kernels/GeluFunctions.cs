using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels;

/// <summary>For float32: <see cref="VectorMath.Gelu"/>.</summary>
internal readonly struct SingleGelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => VectorMath.Gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value) => VectorMath.GeluSlope(x, out value);
}

/// <summary>
/// For results that are rounded to bfloat16, to 2⁻⁹ of their size: σ within 2⁻¹⁶ of its own, for two thirds of the instructions. With log₂ e in the factors of the
/// argument the exponential is a power of two, 2ⁿ · 2ᶠ with 0 ≤ f &lt; 1, and 2ᶠ is the minimax polynomial of degree 5, within 2⁻²³; the reciprocal is an
/// estimate of 14 bits and a step of Newton's. Below −9.9 σ is less than 10⁻³⁶: there x counts as −9.9, so that every power is an ordinary number.
/// <see cref="Matrix.EndingAssembler"/> does the same operations in the same order.
/// </summary>
internal readonly struct RoundedGelu : IActivation
{
    private const float Log2E = 1.44269504f, Linear = 2 * 0.7978845608f, Cubic = Linear * 0.044715f;
    private const float Beyond = 1000;   // 2¹⁰⁰⁰ is ∞ and 2⁻¹⁰⁰⁰ is 0

    /// <summary>x counts as no less.</summary>
    public const float Least = -9.9f;

    /// <summary>The exponent is Factor · x · (x² + Ratio); the slope of σ's argument SlopeFactor · (x² + Ratio) + SlopeOffset.</summary>
    public const float Ratio = 1 / 0.044715f, Factor = -Cubic * Log2E, SlopeFactor = 3 * Cubic, SlopeOffset = -2 * Linear;

    /// <summary>2ᶠ = Power5 · f⁵ + … + Power0.</summary>
    public const float Power5 = 0.00187757667f, Power4 = 0.00898934009f, Power3 = 0.0558263181f, Power2 = 0.240153617f, Power1 = 0.693153073f, Power0 = 0.999999925f;

    /// <summary>How <c>vreduceps</c> makes f: what a number has beyond the whole number below it, raising nothing.</summary>
    public const byte BeyondWhole = 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => x * Sigmoid(x, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        var s = Sigmoid(x, out var square);
        value = x * s;
        var inner = Vector512.FusedMultiplyAdd(square, Vector512.Create(SlopeFactor), Vector512.Create(SlopeOffset));
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-value, s, value), inner, s);
    }

    /// <summary>2ᵗ within 2⁻¹⁸ of itself, 0 and ∞ where it is beyond; needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Exp2(Vec t)
    {
        t = Clamp(t, Beyond);
        var n = Avx512F.RoundScale(t, 8);   // to the nearest whole number, raising nothing
        return Avx512F.Scale(Fraction(t - n), n);
    }

    // A NaN may count as another number here: value and slope have x as a factor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Sigmoid(Vec x, out Vec square)
    {
        var inside = Vector512.MaxNative(x, Vector512.Create(Least));
        square = Vector512.FusedMultiplyAdd(inside, inside, Vector512.Create(Ratio));
        if (!Avx512DQ.IsSupported) return VectorMath.Sigmoid(inside * square * Vector512.Create(Cubic));
        Vec exponent = square * (inside * Vector512.Create(Factor)), f = Avx512DQ.Reduce(exponent, BeyondWhole);
        var power = Vector512.FusedMultiplyAdd(Vector512.Create(Power5), f, Vector512.Create(Power4));
        power = Vector512.FusedMultiplyAdd(power, f, Vector512.Create(Power3));
        power = Vector512.FusedMultiplyAdd(power, f, Vector512.Create(Power2));
        power = Vector512.FusedMultiplyAdd(power, f, Vector512.Create(Power1));
        power = Vector512.FusedMultiplyAdd(power, f, Vector512.Create(Power0));
        var divisor = Avx512F.Scale(power, exponent) + Vec.One;
        var estimate = Avx512F.Reciprocal14(divisor);
        return Avx512F.FusedMultiplyAddNegated(divisor, estimate, Vector512.Create(2f)) * estimate;
    }

    // The native minimum and maximum give their second operand where one is NaN: x must be second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Clamp(Vec x, float largest) => Vector512.MinNative(Vector512.Create(largest), Vector512.MaxNative(Vector512.Create(-largest), x));

    /// <summary>2ᶠ for |f| ≤ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Fraction(Vec f)
    {
        var low = Vector512.FusedMultiplyAdd(Vector512.Create(0.6931217908859253f), f, Vector512.Create(0.9999992847442627f));
        var high = Vector512.FusedMultiplyAdd(Vector512.Create(0.05591785907745361f), f, Vector512.Create(0.240247443318367f));
        var square = f * f;
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(0.009570102207362652f), square, high), square, low);
    }
}
