using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels;

/// <summary>x · Φ(x), and its derivative Φ(x) + x · φ(x).</summary>
/// <typeparam name="TArea">Gives Φ and φ, as accurate as the result needs them.</typeparam>
internal readonly struct ErfGelu<TArea> : IActivation where TArea : INormalArea
{
    private const float Density = 0.39894228f;   // 1/√(2π)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => x * TArea.Of(x, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        var area = TArea.Of(x, out var bell);
        value = x * area;
        return Vector512.FusedMultiplyAdd(x * Density, bell, area);
    }
}

/// <summary>The area under the bell curve.</summary>
internal interface INormalArea
{
    /// <summary>Φ(x), and exp(−x²/2).</summary>
    static abstract Vec Of(Vec x, out Vec bell);

    /// <summary>Φ(x) from Φ(−|x|); NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vec FromTail(Vec x, Vec tail) => Vector512.ConditionalSelect(Vector512.LessThan(x, Vec.Zero), tail, Vec.One - tail);
}

/// <summary>
/// For float32. The tail Φ(−t) = φ(t) · u · P(u) with u = 1 ÷ (1 + 0.3t), the form of Hastings ("Approximations for digital computers", 1955)
/// with a minimax polynomial of degree 7 for every t ≥ 0, whose relative error is 2⁻²². So the value keeps its digits far below zero, and φ serves the
/// derivative.
/// </summary>
internal readonly struct SingleNormalArea : INormalArea
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Of(Vec x, out Vec bell)
    {
        bell = VectorMath.Exp(x * x * -0.5f);
        var u = Vec.One / Vector512.FusedMultiplyAdd(Vector512.Abs(x), Vector512.Create(0.3f), Vec.One);
        var square = u * u;
        var low = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(0.1285632602275672f), u, Vector512.Create(0.09991301947366314f)), square,
            Vector512.FusedMultiplyAdd(Vector512.Create(0.12075402775522508f), u, Vector512.Create(0.11962929444182704f)));
        var high = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(0.03567530702120022f), u, Vector512.Create(-0.15720524179768425f)), square,
            Vector512.FusedMultiplyAdd(Vector512.Create(0.20635711580324104f), u, Vector512.Create(-0.053686855643001984f)));
        return INormalArea.FromTail(x, bell * u * Vector512.FusedMultiplyAdd(high, square * square, low));
    }
}

/// <summary>
/// The same for results that are rounded to bfloat16: a polynomial of degree 6 with relative error 2⁻²⁰, and the power of two of <see cref="RoundedGelu"/>.
/// </summary>
internal readonly struct RoundedNormalArea : INormalArea
{
    private const float HalfLog2E = 0.72134752f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Of(Vec x, out Vec bell)
    {
        bell = Avx512F.IsSupported ? RoundedGelu.Exp2(x * x * -HalfLog2E) : VectorMath.Exp(x * x * -0.5f);
        var u = Vec.One / Vector512.FusedMultiplyAdd(Vector512.Abs(x), Vector512.Create(0.36f), Vec.One);
        var square = u * u;
        var low = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(Vector512.Create(0.02655138434258099f), u, Vector512.Create(0.13971853159081818f)), square,
            Vector512.FusedMultiplyAdd(Vector512.Create(0.14177258356331476f), u, Vector512.Create(0.14371303649626774f)));
        var high = Vector512.FusedMultiplyAdd(Vector512.Create(0.0470556088048008f), square,
            Vector512.FusedMultiplyAdd(Vector512.Create(-0.17976240361150884f), u, Vector512.Create(0.18095095576353798f)));
        return INormalArea.FromTail(x, bell * u * Vector512.FusedMultiplyAdd(high, square * square, low));
    }
}
