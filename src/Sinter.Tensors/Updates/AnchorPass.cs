using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>Adds strength · F ∘ (w − a) to gradients; its sum is that of strength ÷ 2 · F ∘ (w − a)².</summary>
internal readonly unsafe struct AnchorPass(nint* weights, nint* anchors, nint* importances, double strength) : IGradientPass
{
    public static bool ReadsWeight => true;

    public static bool WritesGradient => true;

    public double Run(float* gradient, float* weight, long count, int tensor)
    {
        long at = weight - (float*)weights[tensor];
        float* anchor = (float*)anchors[tensor] + at, importance = (float*)importances[tensor] + at;
        float factor = (float)strength;
        Vector512<double> low = default, high = default;
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            Vec away = Vector512.Load(weight + i) - Vector512.Load(anchor + i), pull = Vector512.Load(importance + i) * away;
            Vector512.Store(Vector512.FusedMultiplyAdd(pull, Vector512.Create(factor), Vector512.Load(gradient + i)), gradient + i);
            var (pullLow, pullHigh) = Vector512.Widen(pull);
            var (awayLow, awayHigh) = Vector512.Widen(away);
            low += pullLow * awayLow;
            high += pullHigh * awayHigh;
        }
        double sum = Vector512.Sum(low + high);
        for (; i < count; i++)
        {
            float away = weight[i] - anchor[i], pull = importance[i] * away;
            gradient[i] = MathF.FusedMultiplyAdd(pull, factor, gradient[i]);
            sum += (double)pull * away;
        }
        return strength / 2 * sum;
    }
}
