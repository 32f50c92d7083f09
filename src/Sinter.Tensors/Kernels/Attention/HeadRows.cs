using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Rows of heads as they lie in a tensor: copied, scaled and summed in whole vectors, the rest of a row at its end.</summary>
internal static unsafe class HeadRows
{
    /// <summary>target = source · scale.</summary>
    /// <param name="stride">Elements between rows of the source.</param>
    /// <param name="targetStride">Elements between rows of the target.</param>
    public static void Copy(float* source, long stride, int rows, int width, float* target, long targetStride, float scale = 1)
    {
        for (int r = 0; r < rows; r++, source += stride, target += targetStride) Scale(source, width, target, scale);
    }

    /// <summary>target += source · scale.</summary>
    public static void Add(float* source, long stride, int rows, int width, float* target, long targetStride, float scale)
    {
        var factor = Vector512.Create(scale);
        int whole = width & -Vec.Count;
        for (int r = 0; r < rows; r++, source += stride, target += targetStride)
        {
            for (int i = 0; i < whole; i += Vec.Count)
                Vector512.Store(Vector512.FusedMultiplyAdd(Vector512.Load(source + i), factor, Vector512.Load(target + i)), target + i);
            if (whole == width) continue;
            var rest = new FirstLanes(width - whole);
            rest.Store(Vector512.FusedMultiplyAdd(rest.Load(source + whole), factor, rest.Load(target + whole)), target + whole);
        }
    }

    /// <summary>One row: target = source · scale.</summary>
    public static void Scale(float* source, int width, float* target, float scale)
    {
        int i = 0;
        for (; i + Vec.Count <= width; i += Vec.Count) Vector512.Store(Vector512.Load(source + i) * scale, target + i);
        if (i == width) return;
        var rest = new FirstLanes(width - i);
        rest.Store(rest.Load(source + i) * scale, target + i);
    }

    /// <summary>Σ a · b of each row.</summary>
    public static void Dots(float* a, float* b, long stride, int rows, int width, float* dots)
    {
        int whole = width & -Vec.Count;
        for (int r = 0; r < rows; r++, a += stride, b += stride)
        {
            Vec sum = default;
            for (int i = 0; i < whole; i += Vec.Count) sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
            if (whole < width)
            {
                var rest = new FirstLanes(width - whole);
                sum = Vector512.FusedMultiplyAdd(rest.Load(a + whole), rest.Load(b + whole), sum);
            }
            dots[r] = VectorMath.Sum(sum);
        }
    }

    /// <summary>target = 0.</summary>
    public static void Clear(int rows, int width, float* target, long stride)
    {
        for (int r = 0; r < rows; r++, target += stride) new Span<float>(target, width).Clear();
    }
}
