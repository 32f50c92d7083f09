using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Clamps gradients to [−limit, limit]; its sum is that of their squares afterwards.</summary>
internal readonly unsafe struct ClampPass(float limit) : IGradientPass
{
    public static bool ReadsWeight => false;

    public static bool WritesGradient => true;

    public double Run(float* gradient, float* weight, long count, int tensor)
    {
        Vector512<double> low = default, high = default;
        Vec most = Vector512.Create(limit);
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            var g = Vector512.Min(Vector512.Max(Vector512.Load(gradient + i), -most), most);   // both keep NaN
            Vector512.Store(g, gradient + i);
            SquaresPass.Add(g, ref low, ref high);
        }
        double sum = Vector512.Sum(low + high);
        for (; i < count; i++)
        {
            gradient[i] = Math.Min(Math.Max(gradient[i], -limit), limit);
            sum += (double)gradient[i] * gradient[i];
        }
        return sum;
    }
}
