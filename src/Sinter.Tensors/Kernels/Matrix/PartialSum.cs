namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Adds a product's second half of k to C, tile by tile.</summary>
/// <param name="pass">The first half: C, and its rows and columns.</param>
/// <param name="cut">The tiles.</param>
/// <param name="byColumns">Whether they are panels of columns rather than rows.</param>
/// <param name="partial">The second half, rows as long as the pass's.</param>
internal readonly unsafe struct PartialSum(MatrixPass pass, TileCut cut, bool byColumns, float* partial)
{
    public void Add(int tile)
    {
        int unit = byColumns ? pass.Kernel.Columns : 1, first = cut.First(tile) * unit, end = cut.First(tile + 1) * unit;
        if (byColumns) Add(0, pass.Rows, first, Math.Min(end, pass.Columns) - first);
        else Add(first, end, 0, pass.Columns);
    }

    private void Add(int row, int endRow, int column, int columns)
    {
        for (; row < endRow; row++)
        {
            float* c = pass.C + row * pass.Stride + column;
            RowMath.Add(c, partial + (long)row * pass.Columns + column, c, columns);
        }
    }
}
