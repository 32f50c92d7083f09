namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The same rearrangements as <see cref="Packing"/> for factors that are bfloat16 in memory already: nothing is rounded, neighbours in k become pairs.</summary>
internal static unsafe class PairPacking
{
    /// <summary>Steps that are contiguous in memory.</summary>
    public static void Row(ushort* source, int length, uint* steps)
    {
        new ReadOnlySpan<byte>(source, length * sizeof(ushort)).CopyTo(new Span<byte>(steps, length * sizeof(ushort)));
        if (length % 2 == 1) ((ushort*)steps)[length] = 0;
    }

    /// <summary>A panel of columns whose k lie across rows in memory: zeros beyond <paramref name="width"/>.</summary>
    public static void Panel(ushort* source, long stride, int length, int width, int padded, uint* steps)
    {
        int pairs = length / 2;
        if (AssembledPacking.IsAvailable && padded % Vec.Count == 0)
        {
            for (int column = 0; pairs > 0 && column < width; column += 2 * Vec.Count)
                AssembledPacking.Interleave(source + column, stride, Math.Min(2 * Vec.Count, width - column), pairs, steps + column, padded);
            Packing.ClearBeyond(steps, pairs, width, padded);
        }
        else Any(source, stride, 1, length, 0, pairs, width, padded, steps);
        if (length % 2 == 1) Any(source, stride, 1, length, pairs, pairs + 1, width, padded, steps);
    }

    /// <summary>A strip of at most 16 rows of A; see <see cref="Packing.Strip"/>.</summary>
    public static void Strip(ushort* source, long stride, int length, int width, int padded, uint* steps)
    {
        int pairs = length / 2;
        if (pairs == 0 || !AssembledPacking.IsAvailable)
        {
            Panel(source, stride, length, width, padded, steps);
            return;
        }
        AssembledPacking.Interleave(source, stride, width, pairs, steps, padded);
        if (length % 2 == 1) Any(source, stride, 1, length, pairs, pairs + 1, width, padded, steps);
    }

    /// <summary>Strips of A side by side; see <see cref="Packing.Strips"/>.</summary>
    public static void Strips(ushort* source, long stride, int length, int strips, int height, uint* steps, long stripStride)
    {
        int pairs = length / 2;
        bool together = strips > 1 && pairs > 0 && AssembledPacking.IsAvailable;
        if (together) AssembledPacking.Strips(source, stride, height, strips, pairs, steps, stripStride);
        for (int i = 0; i < strips; i++, source += height, steps = (uint*)((byte*)steps + stripStride))
        {
            if (!together) Strip(source, stride, length, height, height, steps);
            else if (length % 2 == 1) Any(source, stride, 1, length, pairs, pairs + 1, height, height, steps);
        }
    }

    /// <summary>A panel of columns that are contiguous in memory.</summary>
    public static void Turned(ushort* source, long stride, int length, int width, int padded, uint* steps) =>
        Any(source, 1, stride, length, 0, (length + 1) / 2, width, padded, steps);

    private static void Any(ushort* source, long kStride, long columnStride, int length, int firstStep, int endStep, int width, int padded, uint* steps)
    {
        for (int s = firstStep; s < endStep; s++)
            for (int c = 0; c < padded; c++)
            {
                ushort* low = source + 2 * s * kStride + c * columnStride;
                steps[(long)s * padded + c] = c >= width ? 0 : *low | (2 * s + 1 < length ? (uint)low[kStride] << 16 : 0);
            }
    }
}
