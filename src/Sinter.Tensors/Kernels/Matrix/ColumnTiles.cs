using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of a pass that share the packed A: each packs some panels of B, which stay in the cache while the rows of A go by.</summary>
internal readonly unsafe struct ColumnTiles(MatrixPass pass, TileCut cut, SharedFactor factor, WorkerScratch scratch) : ITileBody
{
    public void Run(int tile, int worker)
    {
        int column = cut.First(tile) * pass.Kernel.Columns, columns = Math.Min(cut.First(tile + 1) * pass.Kernel.Columns, pass.Columns) - column;
        byte* panels = pass.Held.IsNone ? scratch.Packed(worker) : pass.HeldAt(column);
        if (pass.Held.IsNone) pass.PackColumns(panels, column, columns);
        var a = pass.IsDirect ? pass.Direct(0) : pass.PackedAt(factor.For(worker, pass, isA: true));
        float* edge = scratch.Edge(worker);
        var arguments = pass.Arguments(a);
        var prefetch = Next(tile);
        byte* strip = a.First;
        for (int r = 0; r < pass.Rows; r += pass.Kernel.Rows, strip += a.StripStride)
        {
            byte* panel = panels;
            for (int c = 0; c < columns; c += pass.Kernel.Columns, panel += pass.PanelBytes)
            {
                prefetch.Next(ref arguments);
                pass.Tile(strip, panel, r, column + c, edge, ref arguments);
            }
        }
    }

    /// <summary>The piece that this worker will probably take next.</summary>
    private Prefetch Next(int tile)
    {
        int column = cut.First(tile + 1) * pass.Kernel.Columns;
        int columns = tile + 1 == cut.Count ? 0 : Math.Min(cut.First(tile + 2) * pass.Kernel.Columns, pass.Columns) - column;
        return Prefetch.Of(pass.B, pass.FirstK, pass.FirstColumn + column, pass.Depth, columns, (long)pass.Depth * pass.Columns * pass.B.ElementSize,
            pass.Steps, (pass with { Columns = columns }).Tiles);
    }
}
