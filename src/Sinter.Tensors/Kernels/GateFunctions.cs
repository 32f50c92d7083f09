using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>The function of the gate in a gated feed-forward layer.</summary>
internal interface IGate
{
    /// <summary>f(x).</summary>
    static abstract Vec Value(Vec x);

    /// <summary>f′(x), and f(x) for little more.</summary>
    static abstract Vec Slope(Vec x, out Vec value);
}

/// <summary>z·σ(z): SwiGLU.</summary>
internal readonly struct SiluGate : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => VectorMath.Silu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        var s = VectorMath.Sigmoid(x);
        value = x * s;
        return s * Vector512.FusedMultiplyAdd(x, Vector512.Create(1f) - s, Vector512.Create(1f));
    }
}

/// <summary>GELU by its tanh approximation: GEGLU.</summary>
internal readonly struct GeluGate : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => VectorMath.Gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value) => VectorMath.GeluSlope(x, out value);
}
