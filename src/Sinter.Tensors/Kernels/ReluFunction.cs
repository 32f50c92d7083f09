using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>max(x, 0), whose derivative at 0 is 0; NaN stays.</summary>
internal readonly struct ReluFunction : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Value(Vec x) => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vec.Zero), Vec.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Slope(Vec x, out Vec value)
    {
        value = Value(x);
        return Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vec.Zero), Vec.Zero, Vec.One);
    }
}
