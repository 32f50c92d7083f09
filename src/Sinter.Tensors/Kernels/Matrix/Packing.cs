using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Rearranges factors into panels of steps. A step is four bytes per row or column: one float32, or two neighbouring k as bfloat16; this is where the
/// conversion to bfloat16 and the transposition happen.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Steps that are contiguous in memory: <paramref name="length"/> floats become steps, padded with zeros to a whole step.</summary>
    public static void Row(float* source, int length, uint* steps, bool bfloat16)
    {
        if (!bfloat16)
        {
            Copy(source, (float*)steps, length);
            return;
        }
        int i = 0;
        if (BFloat16Packing.IsAvailable && length >= 32)
        {
            i = length / 32 * 32;
            BFloat16Packing.Row(source, i / 32, steps);
        }
        for (; i + 32 <= length; i += 32)
            Vector512.Store(Vector512.Narrow(Round(Vector512.Load(source + i)) >> 16, Round(Vector512.Load(source + i + 16)) >> 16).AsUInt32(), steps + i / 2);
        for (; i < length; i += 2)
            steps[i / 2] = Round(source[i]) >> 16 | (i + 1 < length ? Round(source[i + 1]) & 0xffff0000 : 0);
    }

    /// <summary>A block of steps that lie across rows in memory: <paramref name="width"/> columns of <paramref name="length"/> rows, padded with zeros to
    /// <paramref name="padded"/> columns and to a whole step.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements between rows.</param>
    public static void Block(float* source, long stride, int length, int width, int padded, uint* steps, bool bfloat16)
    {
        int column = 0, pairs = length / 2;
        if (bfloat16 && pairs > 0 && BFloat16Packing.IsAvailable)
            for (; column + 16 <= width; column += 16) BFloat16Packing.Across(source + column, stride, pairs, steps + column, padded);
        if (!bfloat16)
            for (int k = 0; k < length; k++) Across(source + k * stride, null, width, padded, steps + (long)k * padded, false);
        else if (column < padded)
            for (int s = 0; s < pairs; s++)
                Across(source + 2 * s * stride + column, source + (2 * s + 1) * stride + column, width - column, padded - column, steps + (long)s * padded + column, true);
        if (bfloat16 && length % 2 == 1) Across(source + (length - 1) * stride, null, width, padded, steps + (long)pairs * padded, true);
    }

    /// <summary>Steps that lie across rows in memory: <paramref name="width"/> columns of one row, or of two rows as pairs, padded with zeros to <paramref name="padded"/>.</summary>
    /// <param name="first">The row of the step's first k.</param>
    /// <param name="second">The row of its second k; null where k ends or a step is one float32.</param>
    public static void Across(float* first, float* second, int width, int padded, uint* steps, bool bfloat16)
    {
        int i = 0;
        if (!bfloat16)
        {
            Copy(first, (float*)steps, width);
            i = width;
        }
        else
        {
            for (; i + 16 <= width; i += 16)
            {
                var low = Round(Vector512.Load(first + i)) >> 16;
                Vector512.Store(second == null ? low : low | Round(Vector512.Load(second + i)) & Vector512.Create(0xffff0000), steps + i);
            }
            for (; i < width; i++) steps[i] = Round(first[i]) >> 16 | (second == null ? 0 : Round(second[i]) & 0xffff0000);
        }
        for (; i < padded; i++) steps[i] = 0;
    }

    // Rows here are short: a call of memmove costs as much as the copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int count)
    {
        int i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Vector512.Store(Vector512.Load(from + i), to + i);
        for (; i < count; i++) to[i] = from[i];
    }

    /// <summary>Transposes rows × columns of 32-bit words: target[column, row] = source[row, column].</summary>
    public static void Transpose(uint* source, long sourceStride, int rows, int columns, uint* target, long targetStride)
    {
        int wholeRows = Avx.IsSupported ? rows & ~7 : 0, wholeColumns = Avx.IsSupported ? columns & ~7 : 0;
        for (int r = 0; r < wholeRows; r += 8)
            for (int c = 0; c < wholeColumns; c += 8)
                Transpose8((float*)source + r * sourceStride + c, sourceStride, (float*)target + c * targetStride + r, targetStride);
        for (int r = 0; r < rows; r++)
            for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++) target[c * targetStride + r] = source[r * sourceStride + c];
    }

    /// <summary>float32 to bfloat16 in the upper half of each element: to nearest, ties to even; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Round(Vec x)
    {
        var u = x.AsUInt32();
        var rounded = u + Vector512.Create(0x7fffu) + (u >> 16 & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x).AsUInt32(), rounded, u | Vector512.Create(0x400000u));
    }

    private static uint Round(float x)
    {
        uint u = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? u | 0x400000 : u + 0x7fff + (u >> 16 & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* s, long ss, float* t, long ts)
    {
        Vector256<float> a0 = Vector256.Load(s), a1 = Vector256.Load(s + ss), a2 = Vector256.Load(s + 2 * ss), a3 = Vector256.Load(s + 3 * ss);
        Vector256<float> a4 = Vector256.Load(s + 4 * ss), a5 = Vector256.Load(s + 5 * ss), a6 = Vector256.Load(s + 6 * ss), a7 = Vector256.Load(s + 7 * ss);
        Vector256<float> b0 = Avx.UnpackLow(a0, a1), b1 = Avx.UnpackHigh(a0, a1), b2 = Avx.UnpackLow(a2, a3), b3 = Avx.UnpackHigh(a2, a3);
        Vector256<float> b4 = Avx.UnpackLow(a4, a5), b5 = Avx.UnpackHigh(a4, a5), b6 = Avx.UnpackLow(a6, a7), b7 = Avx.UnpackHigh(a6, a7);
        Vector256<float> c0 = Avx.Shuffle(b0, b2, 0x44), c1 = Avx.Shuffle(b0, b2, 0xEE), c2 = Avx.Shuffle(b1, b3, 0x44), c3 = Avx.Shuffle(b1, b3, 0xEE);
        Vector256<float> c4 = Avx.Shuffle(b4, b6, 0x44), c5 = Avx.Shuffle(b4, b6, 0xEE), c6 = Avx.Shuffle(b5, b7, 0x44), c7 = Avx.Shuffle(b5, b7, 0xEE);
        Vector256.Store(Avx.Permute2x128(c0, c4, 0x20), t);
        Vector256.Store(Avx.Permute2x128(c1, c5, 0x20), t + ts);
        Vector256.Store(Avx.Permute2x128(c2, c6, 0x20), t + 2 * ts);
        Vector256.Store(Avx.Permute2x128(c3, c7, 0x20), t + 3 * ts);
        Vector256.Store(Avx.Permute2x128(c0, c4, 0x31), t + 4 * ts);
        Vector256.Store(Avx.Permute2x128(c1, c5, 0x31), t + 5 * ts);
        Vector256.Store(Avx.Permute2x128(c2, c6, 0x31), t + 6 * ts);
        Vector256.Store(Avx.Permute2x128(c3, c7, 0x31), t + 7 * ts);
    }
}
