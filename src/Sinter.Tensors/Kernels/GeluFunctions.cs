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
/// For results that are rounded to bfloat16, to 2⁻⁹ of their size: σ within 2⁻¹⁶ of its own, for half the instructions. With log₂ e in the factors of the
/// argument the exponential is a power of two, 2ⁿ · 2ᶠ with |f| ≤ ½, and 2ᶠ is the minimax polynomial of degree 4, within 2⁻¹⁸; the reciprocal is an estimate
/// of 14 bits and a step of Newton's. Beyond ±9.9 σ differs from 0 or 1 by less than 10⁻³⁶: there x counts as ±9.9, so that every power is an ordinary number.
/// </summary>
internal readonly struct RoundedGelu : IActivation
{
    private const float Log2E = 1.44269504f, Linear = 2 * 0.7978845608f, Cubic = Linear * 0.044715f;
    private const float Largest = 9.9f;
    private const float Beyond = 1000;   // 2¹⁰⁰⁰ is ∞ and 2⁻¹⁰⁰⁰ is 0
    private const float ToWhole = 12582912;   // 1½ · 2²³: a number added to it is rounded, and stands in the lowest bits
    private const float P0 = 0.9999992847442627f, P1 = 0.6931217908859253f, P2 = 0.240247443318367f, P3 = 0.05591785907745361f, P4 = 0.009570102207362652f;

    /// <summary>The constants in the order in which assembled code takes them.</summary>
    internal static ReadOnlySpan<float> Constants => [Largest, -Largest, -Cubic * Log2E, -Linear * Log2E, ToWhole, P0, P1, P2, P3, P4, 1, 2, 3 * Cubic, Linear];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x)
    {
        var inside = Clamp(x, Largest);
        return x * Sigmoid(inside, inside * inside);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        Vec inside = Clamp(x, Largest), square = inside * inside, s = Sigmoid(inside, square), product = inside * s;
        value = x * s;
        var inner = Vector512.FusedMultiplyAdd(square, Vector512.Create(3 * Cubic), Vector512.Create(Linear));
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-product, s, product), inner, s);
    }

    /// <summary>2ᵗ within 2⁻¹⁸ of itself, 0 and ∞ where it is beyond; needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Exp2(Vec t)
    {
        t = Clamp(t, Beyond);
        var n = Avx512F.RoundScale(t, 8);   // to the nearest whole number, raising nothing
        return Avx512F.Scale(Fraction(t - n), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Sigmoid(Vec x, Vec square)
    {
        if (!Avx512F.IsSupported) return VectorMath.Sigmoid(x * Vector512.FusedMultiplyAdd(square, Vector512.Create(Cubic), Vector512.Create(Linear)));
        var divisor = Vec.One + Power(x * Vector512.FusedMultiplyAdd(square, Vector512.Create(-Cubic * Log2E), Vector512.Create(-Linear * Log2E)));
        var estimate = Avx512F.Reciprocal14(divisor);
        return estimate * Avx512F.FusedMultiplyAddNegated(divisor, estimate, Vector512.Create(2f));
    }

    // The native minimum and maximum give their second operand where one is NaN: x must be second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Clamp(Vec x, float largest) => Vector512.MinNative(Vector512.Create(largest), Vector512.MaxNative(Vector512.Create(-largest), x));

    /// <summary>The same for |t| ≤ 126, in fewer and simpler instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Power(Vec t)
    {
        var whole = t + Vector512.Create(ToWhole);
        var power = Fraction(t - (whole - Vector512.Create(ToWhole)));
        return (power.AsInt32() + (whole.AsInt32() << 23)).AsSingle();
    }

    /// <summary>2ᶠ for |f| ≤ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Fraction(Vec f)
    {
        var low = Vector512.FusedMultiplyAdd(Vector512.Create(P1), f, Vector512.Create(P0));
        var high = Vector512.FusedMultiplyAdd(Vector512.Create(P3), f, Vector512.Create(P2));
        var square = f * f;
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(P4), square, high), square, low);
    }
}
