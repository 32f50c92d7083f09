using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels;

/// <summary>Elementary functions on sixteen floats.</summary>
internal static class VectorMath
{
    /// <summary>
    /// eˣ within 2 units in the last place. x = n·ln 2 + r with |r| ≤ ½ ln 2 (ln 2 in two parts, Cody and Waite), eʳ by its Taylor polynomial of
    /// degree 7 whose remainder is below 2⁻²⁷ there (in Estrin's order, which waits half as long as Horner's), and 2ⁿ in two steps so that subnormal
    /// results stay. Below −104 it is 0, above 88.73 it is ∞, NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Exp(Vec x)
    {
        if (!Vector512.IsHardwareAccelerated) return Vector512.Create(Exp(x.GetLower()), Exp(x.GetUpper()));
        // The native minimum and maximum give their second operand where one is NaN: x must be second.
        var clamped = Vector512.MinNative(Vector512.Create(89f), Vector512.MaxNative(Vector512.Create(-105f), x));
        // Adding and taking off 1½ · 2²³ rounds to the nearest whole number; Vector512.Round with a mode is a call that costs more than all the rest.
        var n = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(1.44269504f), Vector512.Create(12582912f)) - Vector512.Create(12582912f);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var square = r * r;
        var low = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(1f / 24), r, Vector512.Create(1f / 6)), square,
            Vector512.FusedMultiplyAdd(Vector512.Create(0.5f), r, Vector512.Create(1f)));
        var high = Vector512.FusedMultiplyAdd(Vector512.Create(1f / 5040), square, Vector512.FusedMultiplyAdd(Vector512.Create(1f / 720), r, Vector512.Create(1f / 120)));
        var p = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(high, square * square, low), r, Vector512.Create(1f));
        return Avx512F.Scale(p, n);
    }

    /// <summary>
    /// The same, the same bits, on half a vector. Without AVX-512 the JIT makes each operation on sixteen floats of inlined calls, and it stops
    /// inlining after some hundreds: functions as long as this one are written for the width that is there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        var clamped = Vector256.MinNative(Vector256.Create(89f), Vector256.MaxNative(Vector256.Create(-105f), x));
        var n = Vector256.FusedMultiplyAdd(clamped, Vector256.Create(1.44269504f), Vector256.Create(12582912f)) - Vector256.Create(12582912f);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), clamped);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        var square = r * r;
        var low = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(Vector256.Create(1f / 24), r, Vector256.Create(1f / 6)), square,
            Vector256.FusedMultiplyAdd(Vector256.Create(0.5f), r, Vector256.Create(1f)));
        var high = Vector256.FusedMultiplyAdd(Vector256.Create(1f / 5040), square, Vector256.FusedMultiplyAdd(Vector256.Create(1f / 720), r, Vector256.Create(1f / 120)));
        var p = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(high, square * square, low), r, Vector256.Create(1f));
        var whole = Vector256.ConvertToInt32Native(n);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        return p * ((half + Vector256.Create(127)) << 23).AsSingle() * ((whole - half + Vector256.Create(127)) << 23).AsSingle();
    }

    /// <summary>
    /// tanh x within 3 units in the last place. Up to 0.55 in size x + x³·P(x²), a minimax polynomial with relative error 1.1e-9; from there 1 − 2 ÷
    /// (e²ˣ + 1), which would lose the digits of a small x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Tanh(Vec x)
    {
        var z = x * x;
        var p = Vector512.Create(-0.0062742448f);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.0210716830f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.0538523109f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.1333258615f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.3333331756f));
        var small = Vector512.FusedMultiplyAdd(p * z, x, x);
        var large = Vector512.Create(1f) - Vector512.Create(2f) / (Exp(x + x) + Vector512.Create(1f));
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(0.55f)), small, large);
    }

    /// <summary>1 ÷ (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Sigmoid(Vec x) => Vector512.Create(1f) / (Vector512.Create(1f) + Exp(-x));

    /// <summary>z·σ(z), also called swish.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Silu(Vec x) => x * Sigmoid(x);

    /// <summary>The derivative of <see cref="Silu"/>: σ(1 + x(1 − σ)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec SiluSlope(Vec x)
    {
        var s = Sigmoid(x);
        return s * Vector512.FusedMultiplyAdd(x, Vector512.Create(1f) - s, Vector512.Create(1f));
    }

    /// <summary>
    /// GELU by its tanh approximation (Hendrycks and Gimpel, 2016), <c>gelu_new</c> in transformers:
    /// ½x(1 + tanh u) with u = √(2/π)(x + 0.044715x³), which is x·σ(2u).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Gelu(Vec x) => x * Sigmoid(GeluTwiceInner(x));

    /// <summary>The derivative of <see cref="Gelu"/>: σ(2u) + x·σ(2u)(1 − σ(2u))·2u′.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec GeluSlope(Vec x) => GeluSlope(x, out _);

    /// <summary>The derivative, and the value itself for the price of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec GeluSlope(Vec x, out Vec gelu)
    {
        var s = Sigmoid(GeluTwiceInner(x));
        var slope = Vector512.FusedMultiplyAdd(x * x, Vector512.Create(2 * 3 * GeluCubic * GeluScale), Vector512.Create(2 * GeluScale));
        gelu = x * s;
        return Vector512.FusedMultiplyAdd(gelu * (Vector512.Create(1f) - s), slope, s);
    }

    /// <summary>The sum of the sixteen elements, always in the same order: halves, quarters, eighths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vec x)
    {
        var a = x.GetLower() + x.GetUpper();
        var b = a.GetLower() + a.GetUpper();
        return b.GetElement(0) + b.GetElement(2) + (b.GetElement(1) + b.GetElement(3));
    }

    /// <summary>The largest of the sixteen elements; NaN if one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vec x)
    {
        var a = Vector256.Max(x.GetLower(), x.GetUpper());
        var b = Vector128.Max(a.GetLower(), a.GetUpper());
        return MathF.Max(MathF.Max(b.GetElement(0), b.GetElement(1)), MathF.Max(b.GetElement(2), b.GetElement(3)));
    }

    private const float GeluScale = 0.7978845608f;
    private const float GeluCubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec GeluTwiceInner(Vec x) =>
        x * Vector512.FusedMultiplyAdd(x * x, Vector512.Create(2 * GeluCubic * GeluScale), Vector512.Create(2 * GeluScale));
}
