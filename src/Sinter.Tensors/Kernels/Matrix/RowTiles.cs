using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of a pass that share the packed B: each packs its rows of A, which stay in the cache while the panels of B go by.</summary>
internal readonly unsafe struct RowTiles(MatrixPass pass, TileCut cut, SharedFactor b, WorkerScratch scratch) : ITileBody
{
    public void Run(int tile, int worker)
    {
        int row = cut.First(tile), rows = cut.First(tile + 1) - row;
        var mine = pass.WithRows(row, rows);
        PackedRows a;
        if (pass.IsDirect) a = mine.Direct(0);
        else
        {
            a = mine.PackedAt(scratch.Packed(worker));
            mine.PackRows(a, 0, rows);
        }
        float* edge = scratch.Edge(worker);
        var arguments = mine.Arguments(a);
        var prefetch = Next(tile, mine);
        byte* panel = b.For(worker, pass, isA: false);
        for (int column = 0; column < pass.Columns; column += pass.Kernel.Columns, panel += pass.PanelBytes)
        {
            byte* strip = a.First;
            for (int r = 0; r < rows; r += mine.Kernel.Rows, strip += a.StripStride)
            {
                prefetch.Next(ref arguments);
                mine.Tile(strip, panel, r, column, edge, ref arguments);
            }
        }
    }

    /// <summary>The piece that this worker will probably take next.</summary>
    private Prefetch Next(int tile, in MatrixPass mine)
    {
        int row = cut.First(tile + 1), rows = tile + 1 == cut.Count ? 0 : cut.First(tile + 2) - row;
        return Prefetch.Of(pass.A, pass.FirstRow + row, pass.FirstK, rows, pass.Depth, (long)pass.Depth * pass.Rows * pass.A.ElementSize,
            pass.Steps, mine.Tiles);
    }
}
