using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Rows of heads as they lie in a tensor: copied, scaled and summed. The loops over whole vectors hold no call, since every vector would be saved
/// around it; what is left of rows beyond whole vectors is done after them, number by number.
/// </summary>
internal static unsafe class HeadRows
{
    /// <summary>target = source · scale.</summary>
    /// <param name="stride">Elements between rows of the source.</param>
    /// <param name="targetStride">Elements between rows of the target.</param>
    public static void Copy(float* source, long stride, int rows, int width, float* target, long targetStride, float scale = 1)
    {
        var factor = Vector512.Create(scale);
        int whole = width & -Vec.Count;
        float* s = source, t = target;
        for (int r = 0; r < rows; r++, s += stride, t += targetStride)
            for (int i = 0; i < whole; i += Vec.Count) Vector512.Store(Vector512.Load(s + i) * factor, t + i);
        for (int i = whole; i < width; i++)
            for (int r = 0; r < rows; r++) target[r * targetStride + i] = source[r * stride + i] * scale;
    }

    /// <summary>target = source · factor of the row.</summary>
    public static void Scale(float* source, long stride, int rows, int width, float* target, long targetStride, float* factors)
    {
        int whole = width & -Vec.Count;
        float* s = source, t = target;
        for (int r = 0; r < rows; r++, s += stride, t += targetStride)
        {
            var factor = Vector512.Create(factors[r]);
            for (int i = 0; i < whole; i += Vec.Count) Vector512.Store(Vector512.Load(s + i) * factor, t + i);
        }
        for (int i = whole; i < width; i++)
            for (int r = 0; r < rows; r++) target[r * targetStride + i] = source[r * stride + i] * factors[r];
    }

    /// <summary>target = or += source · scale.</summary>
    public static void Write(float* source, long stride, int rows, int width, float* target, long targetStride, float scale, bool add)
    {
        if (add) Add(source, stride, rows, width, target, targetStride, scale);
        else Copy(source, stride, rows, width, target, targetStride, scale);
    }

    /// <summary>
    /// Σ gradient · output of each row. With <paramref name="rounded"/> the gradient counts as it is packed in bfloat16: the sum is taken off
    /// products of it, and where a query sees one key nothing must remain.
    /// </summary>
    public static void Dots(float* gradient, float* output, long stride, int rows, int width, bool rounded, float* dots)
    {
        int whole = width & -Vec.Count;
        float* g = gradient, y = output;
        for (int r = 0; r < rows; r++, g += stride, y += stride)
        {
            Vec sum = default;
            for (int i = 0; i < whole; i += Vec.Count)
            {
                var v = Vector512.Load(g + i);
                sum = Vector512.FusedMultiplyAdd(rounded ? Round(v) : v, Vector512.Load(y + i), sum);
            }
            dots[r] = VectorMath.Sum(sum);
        }
        for (int i = whole; i < width; i++)
            for (int r = 0; r < rows; r++)
            {
                float v = gradient[r * stride + i];
                dots[r] += (rounded ? Round(Vector512.CreateScalarUnsafe(v)).ToScalar() : v) * output[r * stride + i];
            }
    }

    private static void Add(float* source, long stride, int rows, int width, float* target, long targetStride, float scale)
    {
        var factor = Vector512.Create(scale);
        int whole = width & -Vec.Count;
        float* s = source, t = target;
        for (int r = 0; r < rows; r++, s += stride, t += targetStride)
            for (int i = 0; i < whole; i += Vec.Count)
                Vector512.Store(Vector512.FusedMultiplyAdd(Vector512.Load(s + i), factor, Vector512.Load(t + i)), t + i);
        for (int i = whole; i < width; i++)
            for (int r = 0; r < rows; r++) target[r * targetStride + i] += source[r * stride + i] * scale;
    }

    /// <summary>
    /// To the nearest bfloat16, ties to even. A NaN may become another number, but is one in the products that the sum is taken off.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Round(Vec x)
    {
        var u = x.AsUInt32();
        return (u + Vector512.Create(0x7fffu) + (u >> 16 & Vector512<uint>.One) & Vector512.Create(0xffff0000)).AsSingle();
    }
}
