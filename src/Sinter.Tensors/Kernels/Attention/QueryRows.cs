using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>A block of queries, or of their gradients, in rows and in columns: products take the one or the other.</summary>
internal readonly unsafe struct QueryRows
{
    /// <summary>[queries, width].</summary>
    public readonly float* Rows;

    /// <summary>[head size, block].</summary>
    public readonly float* Across;

    public QueryRows(in AttentionShape s, ref ScratchCursor at)
    {
        Rows = at.Floats(AttentionShape.Block * s.Width);
        Across = at.Floats(s.HeadSize * AttentionShape.Block);
    }

    /// <summary>Copies <paramref name="queries"/> rows times <paramref name="scale"/>, zeros up to the micro-kernel's columns.</summary>
    public void Fill(in AttentionShape s, float* source, long stride, int queries, float scale)
    {
        int padded = (int)MatrixPlan.RoundUp(queries, s.Kernel.Columns);
        SmallProduct.CopyRows(source, stride, queries, s.HeadSize, Rows, s.Width, padded, scale);
        Packing.Transpose((uint*)Rows, s.Width, padded, s.HeadSize, (uint*)Across, AttentionShape.Block);
    }
}
