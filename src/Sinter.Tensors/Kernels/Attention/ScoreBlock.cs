using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// What happens to a block of scores between the two products of an attention. The block lies transposed, keys in rows and queries in columns, so
/// that sums and maxima over keys run down sixteen queries at a time and nothing is added up across a vector.
/// </summary>
internal static unsafe class ScoreBlock
{
    private const int Stride = AttentionShape.Block;

    /// <summary>s = cap · tanh(s ÷ cap) for sixteen queries.</summary>
    public static void Cap(float* s, int keys, float cap)
    {
        float inverse = 1 / cap;
        for (int k = 0; k < keys; k++, s += Stride) Vector512.Store(VectorMath.Tanh(Vector512.Load(s) * inverse) * cap, s);
    }

    /// <summary>
    /// The largest of <paramref name="max"/> and the scores of each of sixteen queries; a score that is not a number may be passed over, its
    /// exponential is not.
    /// </summary>
    public static Vec Max(float* s, int keys, Vec max)
    {
        Vec other = max;
        int k = 0;
        for (; k + 4 <= keys; k += 4, s += 4 * Stride)
        {
            max = Vector512.MaxNative(max, Vector512.MaxNative(Vector512.Load(s), Vector512.Load(s + Stride)));
            other = Vector512.MaxNative(other, Vector512.MaxNative(Vector512.Load(s + 2 * Stride), Vector512.Load(s + 3 * Stride)));
        }
        for (; k < keys; k++, s += Stride) max = Vector512.MaxNative(max, Vector512.Load(s));
        return Vector512.MaxNative(max, other);
    }

    /// <summary>s = exp(s − shift) for sixteen queries; returns the sums.</summary>
    public static Vec Exp(float* s, int keys, Vec shift)
    {
        Vec even = default, odd = default;
        int k = 0;
        for (; k + 2 <= keys; k += 2, s += 2 * Stride)
        {
            Vec a = VectorMath.Exp(Vector512.Load(s) - shift), b = VectorMath.Exp(Vector512.Load(s + Stride) - shift);
            Vector512.Store(a, s);
            Vector512.Store(b, s + Stride);
            even += a;
            odd += b;
        }
        if (k < keys)
        {
            Vec a = VectorMath.Exp(Vector512.Load(s) - shift);
            Vector512.Store(a, s);
            even += a;
        }
        return even + odd;
    }

    /// <summary>s = 0 for sixteen queries and the keys from <paramref name="key"/> to <paramref name="end"/> − 1.</summary>
    public static void Clear(float* s, int key, int end)
    {
        for (; key < end; key++) Vector512.Store(Vec.Zero, s + key * Stride);
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
