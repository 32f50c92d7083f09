namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>
    /// Chosen rows of x: y[i] = x[rows[i]], where x [..., C] counts as rows of C, so y is [N, C]. A row's gradient is the sum over the places that chose it,
    /// in their order; it is zero where none did.
    /// </summary>
    /// <param name="x">[..., C].</param>
    /// <param name="rows">int32 [N], each in [0, rows of x).</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a row that x does not have.</exception>
    public static Tensor GatherRows(Tensor x, Tensor rows)
    {
        x.Live("gather_rows");
        if (x.Shape.Rank < 1 || rows.Shape.Rank != 1)
            throw new ArgumentException($"[gather_rows] rows {rows.Shape} of x {x.Shape}: a list [N] of rows of a tensor with columns.");
        CheckIds("gather_rows", rows.Data<int>(DType.Int32, "gather_rows"), rows.Shape, x.Shape.Rows, "row", "tensor");
        return Embedding(rows, x.Reshape(x.Shape.Rows, x.Shape[-1]));
    }
}
