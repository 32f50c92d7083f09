using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Rearranges factors into steps, as the micro-kernel reads them. A step is four bytes per row or column: one float32, or two neighbouring k as bfloat16; this is
/// where the conversion to bfloat16 and the transposition happen. An odd k is padded with a zero.
/// </summary>
internal static unsafe class Packing
{
    private const int TurnedRows = 8, TurnedSteps = 32;

    /// <summary>Steps that are contiguous in memory: <paramref name="length"/> floats.</summary>
    public static void Row(float* source, int length, uint* steps, bool bfloat16)
    {
        if (!bfloat16)
        {
            Copy(source, (float*)steps, length);
            return;
        }
        if (AssembledPacking.IsAvailable)
        {
            AssembledPacking.Row(source, length, steps);
            return;
        }
        int i = 0;
        for (; i + 32 <= length; i += 32)
            Vector512.Store(Vector512.Narrow(Round(Vector512.Load(source + i)) >> 16, Round(Vector512.Load(source + i + 16)) >> 16).AsUInt32(), steps + i / 2);
        for (; i < length; i += 2)
            steps[i / 2] = Round(source[i]) >> 16 | (i + 1 < length ? Round(source[i + 1]) & 0xffff0000 : 0);
    }

    /// <summary>
    /// A panel of columns whose k lie across rows in memory, <paramref name="padded"/> words a step: zeros beyond <paramref name="width"/>.
    /// </summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="length">Rows: k.</param>
    public static void Panel(float* source, long stride, int length, int width, int padded, uint* steps, bool bfloat16)
    {
        int pairs = length / 2;
        bool assembled = bfloat16 ? AssembledPacking.IsAvailable : AssembledPacking.HasVectors;
        if (assembled && padded % Vec.Count == 0) Vectors(source, stride, bfloat16 ? pairs : length, width, padded, steps, bfloat16);
        else if (!bfloat16)
            for (int k = 0; k < length; k++) Across(source + k * stride, null, width, padded, steps + (long)k * padded, false);
        else
            for (int s = 0; s < pairs; s++) Across(source + 2 * s * stride, source + (2 * s + 1) * stride, width, padded, steps + (long)s * padded, true);
        if (bfloat16 && length % 2 == 1) Across(source + (length - 1) * stride, null, width, padded, steps + (long)pairs * padded, true);
    }

    private static void Vectors(float* source, long stride, int count, int width, int padded, uint* steps, bool bfloat16)
    {
        int column = 0;
        for (; count > 0 && column < width; column += 2 * Vec.Count)
        {
            int columns = Math.Min(2 * Vec.Count, width - column);
            if (bfloat16) AssembledPacking.Across(source + column, stride, columns, count, steps + column, padded);
            else AssembledPacking.Copy(source + column, stride, columns, count, (float*)steps + column, padded);
        }
        ClearBeyond(steps, count, width, padded);
    }

    /// <summary>Zeros beyond the vectors that hold <paramref name="width"/> words of each step.</summary>
    public static void ClearBeyond(uint* steps, int count, int width, int padded)
    {
        for (int word = (width + Vec.Count - 1) / Vec.Count * Vec.Count; word < padded; word += Vec.Count)
            for (int s = 0; s < count; s++) Vector512.Store(Vector512<uint>.Zero, steps + (long)s * padded + word);
    }

    /// <summary>
    /// The same for a strip of at most 16 rows of A, <paramref name="padded"/> words a step: whole vectors are written, the next step overwriting what is too much,
    /// and so room for a vector must follow the strip.
    /// </summary>
    public static void Strip(float* source, long stride, int length, int width, int padded, uint* steps, bool bfloat16)
    {
        int pairs = length / 2;
        if (!(bfloat16 ? AssembledPacking.IsAvailable : AssembledPacking.HasVectors)) Panel(source, stride, length, width, padded, steps, bfloat16);
        else if (!bfloat16) AssembledPacking.Copy(source, stride, width, length, (float*)steps, padded);
        else
        {
            if (pairs > 0) AssembledPacking.Across(source, stride, width, pairs, steps, padded);
            if (length % 2 == 1) Across(source + (length - 1) * stride, null, width, padded, steps + (long)pairs * padded, true);
        }
    }

    /// <summary>Strips of A side by side, all of them <paramref name="height"/> rows; see <see cref="Strip"/>.</summary>
    /// <param name="stripStride">Bytes between strips.</param>
    public static void Strips(float* source, long stride, int length, int strips, int height, uint* steps, long stripStride, bool bfloat16)
    {
        int whole = bfloat16 ? length / 2 : length;
        bool together = strips > 1 && whole > 0 && (bfloat16 ? AssembledPacking.IsAvailable : AssembledPacking.HasVectors);
        if (together) AssembledPacking.Strips(source, stride, height, strips, whole, steps, stripStride, bfloat16);
        for (int i = 0; i < strips; i++, source += height, steps = (uint*)((byte*)steps + stripStride))
        {
            if (!together) Strip(source, stride, length, height, height, steps, bfloat16);
            else if (bfloat16 && length % 2 == 1) Across(source + (length - 1) * stride, null, height, height, steps + (long)whole * height, true);
        }
    }

    /// <summary>A panel of columns that are contiguous in memory, so that it is transposed: steps of <paramref name="padded"/> words, zeros beyond.</summary>
    /// <param name="source">The first column's first k.</param>
    /// <param name="stride">Elements between columns.</param>
    /// <param name="length">k.</param>
    public static void Turned(float* source, long stride, int length, int width, int padded, uint* steps, bool bfloat16)
    {
        int stepLength = bfloat16 ? 2 : 1, count = (length + stepLength - 1) / stepLength;
        if (width >= Vec.Count && padded % Vec.Count == 0 && (bfloat16 ? AssembledPacking.IsAvailable : AssembledPacking.HasVectors))
        {
            ClearBeyond(steps, count, width / Vec.Count * Vec.Count, padded);
            for (int column = 0; column < width; column += Vec.Count)
            {
                int first = Math.Min(column, width - Vec.Count);   // the last sixteen, some of them a second time
                AssembledPacking.Turned(source + first * stride, stride, length, steps + first, padded, bfloat16);
            }
            return;
        }
        if (width < padded)
            for (int s = 0; s < count; s++) new Span<uint>(steps + (long)s * padded + width, padded - width).Clear();
        TurnedPart(source, stride, length, width, padded, steps, bfloat16);
    }

    private static void TurnedPart(float* source, long stride, int length, int width, int padded, uint* steps, bool bfloat16)
    {
        uint* rows = stackalloc uint[TurnedRows * TurnedSteps];
        int stepLength = bfloat16 ? 2 : 1;
        for (int k = 0; k < length; k += TurnedSteps * stepLength)
            for (int column = 0; column < width; column += TurnedRows)
            {
                int depth = Math.Min(TurnedSteps * stepLength, length - k), height = Math.Min(TurnedRows, width - column);
                for (int r = 0; r < height; r++) Row(source + (column + r) * stride + k, depth, rows + r * TurnedSteps, bfloat16);
                Transpose(rows, TurnedSteps, height, (depth + stepLength - 1) / stepLength, steps + (long)(k / stepLength) * padded + column, padded);
            }
    }

    /// <summary>One step: <paramref name="width"/> columns of one row, or of two rows as pairs, padded with zeros to <paramref name="padded"/>.</summary>
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
