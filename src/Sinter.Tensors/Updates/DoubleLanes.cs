using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Updates;

/// <summary>
/// Eight numbers of float32 or float64 at a time, as float64. Updates that wait for memory calculate in it: each number is rounded once, where it is stored, and the
/// update of float64 weights is the same code.
/// </summary>
internal static unsafe class DoubleLanes<T> where T : unmanaged
{
    public const int Count = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(T* x)
    {
        if (typeof(T) == typeof(double)) return Vector512.Load((double*)x);
        var single = Vector256.Load((float*)x);
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(single);
        var (lower, upper) = Vector256.Widen(single);
        return Vector512.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, T* y)
    {
        if (typeof(T) == typeof(double)) Vector512.Store(value, (double*)y);
        else if (Avx512F.IsSupported) Vector256.Store(Avx512F.ConvertToVector256Single(value), (float*)y);
        else Vector256.Store(Vector256.Narrow(value.GetLower(), value.GetUpper()), (float*)y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Get(T* x) => typeof(T) == typeof(double) ? *(double*)x : *(float*)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(T* y, double value)
    {
        if (typeof(T) == typeof(double)) *(double*)y = value;
        else *(float*)y = (float)value;
    }

    /// <summary>The machine epsilon: PyTorch's <c>finfo(dtype).eps</c>.</summary>
    public static double Epsilon => typeof(T) == typeof(double) ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1;
}
