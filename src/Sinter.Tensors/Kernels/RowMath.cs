using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>What kernels do to one row. Sums keep four running vectors and add them in a fixed order.</summary>
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
        for (; i + Vec.Count <= count; i += Vec.Count) s0 += Vector512.Load(x + i);
        if (i < count) s1 += new FirstLanes(count - i).Load(x + i);
        return VectorMath.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Σ (x − center)².</summary>
    public static float SumOfSquares(float* x, long count, float center)
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default, c = Vector512.Create(center);
        long i = 0;
        for (; i + 4 * Vec.Count <= count; i += 4 * Vec.Count)
        {
            Vec d0 = Vector512.Load(x + i) - c, d1 = Vector512.Load(x + i + 16) - c, d2 = Vector512.Load(x + i + 32) - c,
                d3 = Vector512.Load(x + i + 48) - c;
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
        if (i < count)
        {
            var rest = new FirstLanes(count - i);
            var d = rest.Only(rest.Load(x + i) - c);
            s1 = Vector512.FusedMultiplyAdd(d, d, s1);
        }
        return VectorMath.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Σ a · b.</summary>
    public static float Dot(float* a, float* b, long count)
    {
        Vec s0 = default, s1 = default;
        long i = 0;
        for (; i + 2 * Vec.Count <= count; i += 2 * Vec.Count)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i + 16), Vector512.Load(b + i + 16), s1);
        }
        for (; i + Vec.Count <= count; i += Vec.Count) s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), s0);
        if (i < count)
        {
            var rest = new FirstLanes(count - i);
            s1 = Vector512.FusedMultiplyAdd(rest.Load(a + i), rest.Load(b + i), s1);
        }
        return VectorMath.Sum(s0 + s1);
    }

    /// <summary>The largest number; NaN if one is NaN, −∞ of none.</summary>
    public static float Max(float* x, long count)
    {
        var max = Vector512.Create(float.NegativeInfinity);
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) max = Vector512.Max(max, Vector512.Load(x + i));
        float result = VectorMath.Max(max);
        for (; i < count; i++) result = MathF.Max(result, x[i]);
        return result;
    }

    /// <summary>Σ exp(x − shift), and the terms in <paramref name="y"/> unless it is null; it may be x.</summary>
    public static float ExpSum(float* x, long count, float shift, float* y)
    {
        Vec sum = default, s = Vector512.Create(shift);
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count)
        {
            var e = VectorMath.Exp(Vector512.Load(x + i) - s);
            if (y != null) Vector512.Store(e, y + i);
            sum += e;
        }
        if (i < count)
        {
            var rest = new FirstLanes(count - i);
            var e = rest.Only(VectorMath.Exp(rest.Load(x + i) - s));
            if (y != null) rest.Store(e, y + i);
            sum += e;
        }
        return VectorMath.Sum(sum);
    }

    /// <summary>x ·= factor.</summary>
    public static void Scale(float* x, long count, float factor)
    {
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Vector512.Store(Vector512.Load(x + i) * factor, x + i);
        for (; i < count; i++) x[i] *= factor;
    }

    /// <summary>y = a + b.</summary>
    public static void Add(float* a, float* b, float* y, long count)
    {
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Vector512.Store(Vector512.Load(a + i) + Vector512.Load(b + i), y + i);
        for (; i < count; i++) y[i] = a[i] + b[i];
    }

    /// <summary>The elements of the vector that begins <paramref name="left"/> elements before the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Part(long left) => left >= Vec.Count ? Vec.Count : (int)left;
}
