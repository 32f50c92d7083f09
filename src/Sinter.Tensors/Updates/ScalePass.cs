using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Multiplies each gradient by its own factor; it has no sum.</summary>
internal readonly unsafe struct ScalePass(double* factors) : IGradientPass
{
    public static bool ReadsWeight => false;

    public static bool WritesGradient => true;

    public double Run(float* gradient, float* weight, long count, int tensor)
    {
        Apply(gradient, count, (float)factors[tensor]);
        return 0;
    }

    /// <summary>x ← x · factor, where the factor is not 1.</summary>
    public static void Apply(float* x, long count, float factor)
    {
        if (factor == 1) return;
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Vector512.Store(Vector512.Load(x + i) * factor, x + i);
        for (; i < count; i++) x[i] *= factor;
    }
}
