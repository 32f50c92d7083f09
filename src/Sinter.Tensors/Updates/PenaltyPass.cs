using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Adds l1 · sign(w) + l2 · w to gradients; its sum is that of l1 · |w| + l2 ÷ 2 · w².</summary>
internal readonly unsafe struct PenaltyPass(double l1, double l2) : IGradientPass
{
    public static bool ReadsWeight => true;

    public static bool WritesGradient => true;

    public double Run(float* gradient, float* weight, long count, int tensor)
    {
        Vector512<double> low = default, high = default, absoluteLow = default, absoluteHigh = default;
        Vec first = Vector512.Create((float)l1), second = Vector512.Create((float)l2);
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            Vec w = Vector512.Load(weight + i), zero = Vector512.Equals(w, Vec.Zero);
            Vec sign = Vector512.AndNot(Vector512.CopySign(first, w), zero);
            Vector512.Store(Vector512.Load(gradient + i) + (sign + second * w), gradient + i);
            SquaresPass.Add(w, ref low, ref high);
            var (a, b) = Vector512.Widen(Vector512.Abs(w));
            absoluteLow += a;
            absoluteHigh += b;
        }
        double squares = Vector512.Sum(low + high), absolute = Vector512.Sum(absoluteLow + absoluteHigh);
        for (; i < count; i++)
        {
            float w = weight[i];
            gradient[i] += (w == 0 ? 0 : MathF.CopySign((float)l1, w)) + (float)l2 * w;
            squares += (double)w * w;
            absolute += Math.Abs((double)w);
        }
        return l1 * absolute + l2 / 2 * squares;
    }
}
