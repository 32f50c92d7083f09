using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// What happens to a block of scores between the two products of an attention. The block lies transposed, keys in rows and queries in columns, so
/// that sums and maxima over keys run down sixteen queries at a time and nothing is added up across a vector.
/// </summary>
internal static unsafe class ScoreBlock
{
    private const int Stride = AttentionShape.QueryBlock;

    /// <summary>s = cap · tanh(s · scale ÷ cap) for sixteen queries; without a cap s = s · scale.</summary>
    public static void Cap(float* s, int keys, float scale, float cap)
    {
        for (int k = 0; k < keys; k++, s += Stride)
        {
            var x = Vector512.Load(s) * scale;
            Vector512.Store(cap == 0 ? x : VectorMath.Tanh(x * (1 / cap)) * cap, s);
        }
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

    /// <summary>s = 2^(s · factor − shift) for sixteen queries; returns the sums.</summary>
    public static Vec Exp2(float* s, int keys, Vec factor, Vec shift)
    {
        Vec even = default, odd = default;
        int k = 0;
        for (; k + 2 <= keys; k += 2, s += 2 * Stride)
        {
            Vec a = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(Vector512.Load(s), factor, -shift)),
                b = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(Vector512.Load(s + Stride), factor, -shift));
            Vector512.Store(a, s);
            Vector512.Store(b, s + Stride);
            even += a;
            odd += b;
        }
        if (k < keys)
        {
            Vec a = ScoreExp.Exp2(Vector512.FusedMultiplyAdd(Vector512.Load(s), factor, -shift));
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
}
