using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// What Adam and its descendants do with their two moments: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², and with v or the largest v so far,
/// w ← shrink · w − (a·m + b·g) ÷ (c√v + ε), where g holds the coupled decay. The numbers a, b and c make the difference.
/// </summary>
internal struct AdamRule : IUpdateRule
{
    public double Decay, Shrink, Beta2, Rest1, Rest2, MeanStep, GradientStep, RootScale, Epsilon;
    public bool HasLargest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> m, ref Vector512<T> v, ref Vector512<T> largest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        g = UpdateMath.MultiplyAdd(w, Decay, g);
        m = UpdateMath.MultiplyAdd(g - m, Rest1, m);
        v = UpdateMath.MultiplyAdd(g * g, Rest2, v * UpdateMath.Number<T>(Beta2));
        var square = v;
        if (HasLargest) square = largest = Vector512.Max(largest, v);
        var root = UpdateMath.MultiplyAdd(Vector512.Sqrt(square), RootScale, UpdateMath.Number<T>(Epsilon));
        w = w * UpdateMath.Number<T>(Shrink) - UpdateMath.MultiplyAdd(g, GradientStep, m * UpdateMath.Number<T>(MeanStep)) / root;
    }
}
