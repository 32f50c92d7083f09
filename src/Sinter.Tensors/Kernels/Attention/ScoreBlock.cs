using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>What happens to a row of scores between the two products of an attention: soft cap, mask and exponential.</summary>
internal static unsafe class ScoreBlock
{
    /// <summary>s = cap · tanh(s ÷ cap).</summary>
    public static void Cap(float* s, int count, float cap)
    {
        float inverse = 1 / cap;
        for (int i = 0; i < count; i += Vec.Count) Vector512.Store(VectorMath.Tanh(Vector512.Load(s + i) * inverse) * cap, s + i);
    }

    /// <summary>s = −∞ outside [first, end).</summary>
    public static void Mask(float* s, int count, long first, long end)
    {
        if (first > 0) new Span<float>(s, (int)Math.Min(first, count)).Fill(float.NegativeInfinity);
        if (end < count) new Span<float>(s + Math.Max(0, end), count - (int)Math.Max(0, end)).Fill(float.NegativeInfinity);
    }

    public static float Max(float* s, int count)
    {
        var max = Vector512.Load(s);
        for (int i = Vec.Count; i < count; i += Vec.Count) max = Vector512.Max(max, Vector512.Load(s + i));
        return VectorMath.Max(max);
    }

    /// <summary>s = exp(s − shift); returns the sum.</summary>
    public static float Exp(float* s, int count, float shift)
    {
        Vec by = Vector512.Create(shift), sum = default;
        for (int i = 0; i < count; i += Vec.Count)
        {
            var e = VectorMath.Exp(Vector512.Load(s + i) - by);
            Vector512.Store(e, s + i);
            sum += e;
        }
        return VectorMath.Sum(sum);
    }

    /// <summary>y = x · factor for <paramref name="count"/> numbers.</summary>
    public static void Scale(float* x, float* y, int count, float factor)
    {
        for (int i = 0; i < count; i += Vec.Count)
        {
            int part = Math.Min(Vec.Count, count - i);
            Elementwise.StorePart(Elementwise.LoadPart(x + i, part) * factor, y + i, part);
        }
    }
}
