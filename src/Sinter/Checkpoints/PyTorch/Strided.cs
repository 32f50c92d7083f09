namespace Sinter.Checkpoints.PyTorch;

/// <summary>Copies of views.</summary>
internal static unsafe class Strided
{
    /// <summary>Copies the elements of a view into row-major order.</summary>
    /// <param name="source">The view's first element.</param>
    /// <param name="destination">Room for all elements.</param>
    /// <param name="shape">The dimensions, none of them 0.</param>
    /// <param name="strides">In elements.</param>
    /// <param name="size">Bytes of an element.</param>
    public static void Gather(byte* source, byte* destination, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, int size)
    {
        if (shape.IsEmpty)
        {
            Buffer.MemoryCopy(source, destination, size, size);
            return;
        }
        long row = shape[^1], step = strides[^1] * size, rows = 1;
        foreach (long length in shape[..^1]) rows *= length;
        Span<long> index = stackalloc long[shape.Length - 1];
        for (long r = 0; r < rows; r++)
        {
            byte* from = source;
            for (int i = 0; i < index.Length; i++) from += index[i] * strides[i] * size;
            CopyRow(from, step, destination, row, size);
            destination += row * size;
            for (int i = index.Length - 1; i >= 0 && ++index[i] == shape[i]; i--) index[i] = 0;
        }
    }

    private static void CopyRow(byte* from, long step, byte* to, long count, int size)
    {
        for (long i = 0; i < count; i++, from += step)
        {
            switch (size)
            {
                case 1: to[i] = *from; break;
                case 2: ((ushort*)to)[i] = *(ushort*)from; break;
                case 4: ((uint*)to)[i] = *(uint*)from; break;
                default: ((ulong*)to)[i] = *(ulong*)from; break;
            }
        }
    }
}
