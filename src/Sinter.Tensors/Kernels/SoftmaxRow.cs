using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>The parts of a softmax over one row of <paramref name="columns"/> numbers.</summary>
internal readonly unsafe struct SoftmaxRow(long columns)
{
    /// <summary>The largest number; NaN if one is NaN, −∞ of none.</summary>
    public float Max(float* x)
    {
        var max = Vector512.Create(float.NegativeInfinity);
        long i = 0;
        for (; i + Vec.Count <= columns; i += Vec.Count) max = Vector512.Max(max, Vector512.Load(x + i));
        float result = VectorMath.Max(max);
        for (; i < columns; i++) result = MathF.Max(result, x[i]);
        return result;
    }

    /// <summary>Σ exp(x − max), and the terms in <paramref name="y"/> unless it is null, where it may be x.</summary>
    public float ExpSum(float* x, float max, float* y)
    {
        Vec shift = Vector512.Create(max), sum = default;
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            var e = VectorMath.Exp(Elementwise.LoadPart(x + i, part) - shift);
            if (part < Vec.Count) e &= Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(part)).AsSingle();
            if (y != null) Elementwise.StorePart(e, y + i, part);
            sum += e;
        }
        return VectorMath.Sum(sum);
    }

    /// <summary>x ·= factor.</summary>
    public void Scale(float* x, float factor)
    {
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            Elementwise.StorePart(Elementwise.LoadPart(x + i, part) * factor, x + i, part);
        }
    }

    /// <summary>y = x + addend.</summary>
    public void Add(float* x, float* addend, float* y)
    {
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            Elementwise.StorePart(Elementwise.LoadPart(x + i, part) + Elementwise.LoadPart(addend + i, part), y + i, part);
        }
    }

    /// <summary>Σ a · b.</summary>
    public float Dot(float* a, float* b)
    {
        Vec sum = default;
        for (long i = 0; i < columns; i += Vec.Count)
        {
            int part = RowMath.Part(columns - i);
            sum = Vector512.FusedMultiplyAdd(Elementwise.LoadPart(a + i, part), Elementwise.LoadPart(b + i, part), sum);
        }
        return VectorMath.Sum(sum);
    }
}
