using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>What update rules need of vectors of either type beyond their operators.</summary>
public static class UpdateMath
{
    /// <summary>A number in every element, rounded to <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Number<T>(double value) where T : unmanaged, IFloatingPointIeee754<T> =>
        // Not (float)value: that instruction keeps the rest of the register it writes to, and so would wait for the division of the step before.
        typeof(T) == typeof(float)
            ? Vector512.Create(Vector128.Narrow(Vector128.CreateScalarUnsafe(value), default).ToScalar()).As<float, T>()
            : Vector512.Create(value).As<double, T>();

    /// <summary>a · b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>a · b + c with one number for b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, double b, Vector512<T> c) where T : unmanaged, IFloatingPointIeee754<T> =>
        MultiplyAdd(a, Number<T>(b), c);

    /// <summary>√x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Root<T>(Vector512<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector512.Sqrt(x);
}
