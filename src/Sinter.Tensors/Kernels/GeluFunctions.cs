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
/// argument the exponential is a power of two, 2ⁿ · 2ᶠ with |f| ≤ ½, and 2ᶠ is the minimax polynomial of degree 4, within 2⁻¹⁸.
/// </summary>
internal readonly struct RoundedGelu : IActivation
{
    private const float Log2E = 1.44269504f, Linear = 2 * 0.7978845608f, Cubic = Linear * 0.044715f;
    private const float Beyond = 1000;   // 2¹⁰⁰⁰ is ∞ and 2⁻¹⁰⁰⁰ is 0

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => x * Sigmoid(x, x * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        var square = x * x;
        var s = Sigmoid(x, square);
        value = x * s;
        var inner = Vector512.FusedMultiplyAdd(square, Vector512.Create(3 * Cubic), Vector512.Create(Linear));
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-value, s, value), inner, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Sigmoid(Vec x, Vec square)
    {
        if (!Avx512F.IsSupported) return VectorMath.Sigmoid(x * Vector512.FusedMultiplyAdd(square, Vector512.Create(Cubic), Vector512.Create(Linear)));
        var t = x * Vector512.FusedMultiplyAdd(square, Vector512.Create(-Cubic * Log2E), Vector512.Create(-Linear * Log2E));
        return Vector512.Create(1f) / (Vector512.Create(1f) + Exp2(t));
    }

    /// <summary>2ᵗ within 2⁻¹⁸ of itself; needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Exp2(Vec t)
    {
        // The native minimum and maximum give their second operand where one is NaN: t must be second.
        t = Vector512.MinNative(Vector512.Create(Beyond), Vector512.MaxNative(Vector512.Create(-Beyond), t));
        var n = Avx512F.RoundScale(t, 8);   // to the nearest whole number, raising nothing
        var f = t - n;
        var low = Vector512.FusedMultiplyAdd(Vector512.Create(0.6931217908859253f), f, Vector512.Create(0.9999992847442627f));
        var high = Vector512.FusedMultiplyAdd(Vector512.Create(0.05591785907745361f), f, Vector512.Create(0.240247443318367f));
        var f2 = f * f;
        var power = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(0.009570102207362652f), f2, high), f2, low);
        return Avx512F.Scale(power, n);
    }
}
