namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Rows of one role as products take them. In float32 the two forms are one; in bfloat16 they pair different neighbours. What lies beyond the head's
/// numbers and the last row is undefined: it meets only what is never read.
/// </summary>
internal readonly unsafe struct PackedRole
{
    /// <summary>Steps along the head, [rows, row stride]: for sums over the head.</summary>
    public readonly uint* Rows;

    /// <summary>Steps along the rows, [rows ÷ step length, width]: for sums over these rows. Null where not asked for.</summary>
    public readonly uint* Steps;

    /// <param name="count">Rows, a multiple of the micro-kernel's rows and of its columns.</param>
    /// <param name="rows">Whether there are to be steps along the head.</param>
    /// <param name="steps">Whether there are to be steps along the rows.</param>
    public PackedRole(in AttentionShape s, ref ScratchCursor at, long count, bool rows = true, bool steps = true)
    {
        Rows = rows || !s.IsBFloat16 ? at.Words(count * s.RowStride) : null;
        Steps = !steps ? null : s.IsBFloat16 ? at.Words(count / 2 * s.Width) : Rows;
    }

    /// <summary>Packs <paramref name="rows"/> rows of float32 in the forms there are, or of bfloat16, where the products are of it.</summary>
    /// <param name="stride">Elements between rows of the source.</param>
    /// <param name="elementSize">Bytes of an element of the source.</param>
    public void Fill(in AttentionShape s, byte* source, long stride, int rows, int elementSize)
    {
        float* singles = (float*)source;
        ushort* halves = (ushort*)source;
        if (!s.IsBFloat16) HeadRows.Copy(singles, stride, rows, s.HeadSize, (float*)Rows, s.RowStride);
        else if (elementSize == sizeof(ushort))
        {
            if (Rows != null) StepPacking.Rows(halves, stride, rows, s.HeadSize, Rows, s.RowStride);
            if (Steps != null) StepPacking.Steps(halves, stride, rows, s.HeadSize, Steps, s.Width);
        }
        else
        {
            if (Rows != null) StepPacking.Rows(singles, stride, rows, s.HeadSize, Rows, s.RowStride);
            if (Steps != null) StepPacking.Steps(singles, stride, rows, s.HeadSize, Steps, s.Width);
        }
    }
}
