using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Sums the squares of gradients.</summary>
internal readonly unsafe struct SquaresPass : IGradientPass
{
    public static bool ReadsWeight => false;

    public static bool WritesGradient => false;

    public double Run(float* gradient, float* weight, long count, int tensor) => Sum(gradient, count);

    /// <summary>Σ x², in double.</summary>
    public static double Sum(float* x, long count)
    {
        Vector512<double> low = default, high = default;
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Add(Vector512.Load(x + i), ref low, ref high);
        double sum = Vector512.Sum(low + high);
        for (; i < count; i++) sum += (double)x[i] * x[i];
        return sum;
    }

    /// <summary>Adds sixteen squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(Vec x, ref Vector512<double> low, ref Vector512<double> high)
    {
        var (a, b) = Vector512.Widen(x);
        low += a * a;
        high += b * b;
    }
}
