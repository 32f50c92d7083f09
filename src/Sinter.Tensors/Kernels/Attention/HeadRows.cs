using System.Runtime.CompilerServices;
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
    private static void Add(float* source, long stride, int rows, int width, float* target, long targetStride, float scale)
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

    /// <summary>target = or += source · scale.</summary>
    public static void Write(float* source, long stride, int rows, int width, float* target, long targetStride, float scale, bool add)
    {
        if (add) Add(source, stride, rows, width, target, targetStride, scale);
        else Copy(source, stride, rows, width, target, targetStride, scale);
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

    /// <summary>
    /// Σ gradient · output of each row. With <paramref name="rounded"/> the gradient counts as it is packed in bfloat16: the sum is taken off products
    /// of it, and where a query sees one key nothing must remain.
    /// </summary>
    public static void Dots(float* gradient, float* output, long stride, int rows, int width, bool rounded, float* dots)
    {
        int whole = width & -Vec.Count;
        for (int r = 0; r < rows; r++, gradient += stride, output += stride)
        {
            Vec sum = default;
            for (int i = 0; i < whole; i += Vec.Count)
            {
                var g = Vector512.Load(gradient + i);
                sum = Vector512.FusedMultiplyAdd(rounded ? Round(g) : g, Vector512.Load(output + i), sum);
            }
            if (whole < width)
            {
                var rest = new FirstLanes(width - whole);
                var g = rest.Load(gradient + whole);
                sum = Vector512.FusedMultiplyAdd(rounded ? Round(g) : g, rest.Load(output + whole), sum);
            }
            dots[r] = VectorMath.Sum(sum);
        }
    }

    /// <summary>To the nearest bfloat16, ties to even; a NaN may become another number, but is one in the products that the sum is taken off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Round(Vec x)
    {
        var u = x.AsUInt32();
        return (u + Vector512.Create(0x7fffu) + (u >> 16 & Vector512<uint>.One) & Vector512.Create(0xffff0000)).AsSingle();
    }
}
