using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of a pass that share the packed B: each packs its rows of A, which stay in the cache while the panels of B go by.</summary>
internal readonly unsafe struct RowTiles(MatrixPass pass, int tileRows, byte* packedB, WorkerScratch scratch) : ITileBody
{
    public int Count => (pass.Rows + tileRows - 1) / tileRows;

    public void Run(int tile, int worker)
    {
        int row = tile * tileRows, rows = Math.Min(tileRows, pass.Rows - row);
        PackedRows a;
        if (pass.IsDirect) a = pass.Direct(row);
        else
        {
            var mine = pass with { FirstRow = pass.FirstRow + row };
            a = mine.PackedAt(scratch.Packed(worker));
            mine.PackRows(a, 0, rows);
        }
        float* edge = scratch.Edge(worker);
        var arguments = pass.Arguments(a);
        var prefetch = Next(tile);
        byte* panel = packedB;
        for (int column = 0; column < pass.Columns; column += pass.Kernel.Columns, panel += pass.PanelBytes)
        {
            byte* strip = a.First;
            prefetch.Next();
            for (int r = 0; r < rows; r += pass.Kernel.Rows, strip += a.StripStride) pass.Tile(strip, panel, row + r, column, edge, ref arguments);
        }
    }

    /// <summary>The piece that this worker will probably take next.</summary>
    private Prefetch Next(int tile)
    {
        int row = (tile + 1) * tileRows, rows = Math.Min(tileRows, pass.Rows - row);
        return Prefetch.Of(pass.A, pass.FirstRow + row, pass.FirstK, rows, pass.Depth, (long)pass.Depth * pass.Rows * pass.A.ElementSize,
            (pass.Columns + pass.Kernel.Columns - 1) / pass.Kernel.Columns);
    }
}
