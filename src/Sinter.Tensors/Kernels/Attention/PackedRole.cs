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

    /// <summary>Packs <paramref name="rows"/> rows in the forms there are.</summary>
    public void Fill(in AttentionShape s, float* source, long stride, int rows)
    {
        if (!s.IsBFloat16) HeadRows.Copy(source, stride, rows, s.HeadSize, (float*)Rows, s.RowStride);
        else
        {
            if (Rows != null) StepPacking.Rows(source, stride, rows, s.HeadSize, Rows, s.RowStride);
            if (Steps != null) StepPacking.Steps(source, stride, rows, s.HeadSize, Steps, s.Width);
        }
    }
}
