using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Adds factor · g² to tensors of the weights' shapes.</summary>
internal readonly unsafe struct SquareSumPass(nint* weights, nint* sums, float factor) : IGradientPass
{
    public static bool ReadsWeight => true;

    public static bool WritesGradient => false;

    public double Run(float* gradient, float* weight, long count, int tensor)
    {
        float* sum = (float*)sums[tensor] + (weight - (float*)weights[tensor]);
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            var g = Vector512.Load(gradient + i);
            Vector512.Store(Vector512.FusedMultiplyAdd(g * g, Vector512.Create(factor), Vector512.Load(sum + i)), sum + i);
        }
        for (; i < count; i++) sum[i] = MathF.FusedMultiplyAdd(gradient[i] * gradient[i], factor, sum[i]);
        return 0;
    }
}
