using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>Sums over one row: four running vectors, added in a fixed order.</summary>
internal static unsafe class RowMath
{
    /// <summary>Σ x.</summary>
    public static float Sum(float* x, long count)
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default;
        long i = 0;
        for (; i + 4 * Vec.Count <= count; i += 4 * Vec.Count)
        {
            s0 += Vector512.Load(x + i);
            s1 += Vector512.Load(x + i + 16);
            s2 += Vector512.Load(x + i + 32);
            s3 += Vector512.Load(x + i + 48);
        }
        for (; i < count; i += Vec.Count) s0 += Elementwise.LoadPart(x + i, Part(count - i));
        return VectorMath.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Σ (x − center)².</summary>
    public static float SumOfSquares(float* x, long count, float center)
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default, c = Vector512.Create(center);
        long i = 0;
        for (; i + 4 * Vec.Count <= count; i += 4 * Vec.Count)
        {
            Vec d0 = Vector512.Load(x + i) - c, d1 = Vector512.Load(x + i + 16) - c, d2 = Vector512.Load(x + i + 32) - c, d3 = Vector512.Load(x + i + 48) - c;
            s0 = Vector512.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector512.FusedMultiplyAdd(d1, d1, s1);
            s2 = Vector512.FusedMultiplyAdd(d2, d2, s2);
            s3 = Vector512.FusedMultiplyAdd(d3, d3, s3);
        }
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            var d = Vector512.Load(x + i) - c;
            s0 = Vector512.FusedMultiplyAdd(d, d, s0);
        }
        float rest = 0;
        for (; i < count; i++) rest += (x[i] - center) * (x[i] - center);
        return VectorMath.Sum(s0 + s1 + (s2 + s3)) + rest;
    }

    /// <summary>The elements of the vector that begins <paramref name="left"/> elements before the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Part(long left) => left >= Vec.Count ? Vec.Count : (int)left;
}
