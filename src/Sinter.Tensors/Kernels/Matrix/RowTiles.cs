using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of a pass that share the packed B: each packs its rows of A, which stay in the cache while the panels of B go by, some at a time.</summary>
internal readonly unsafe struct RowTiles(MatrixPass pass, TileCut cut, int workers, SharedFactor b, WorkerScratch scratch) : ITileBody
{
    private const int ShortPanel = 16 << 10, SecondLevel = 512 << 10;   // bytes

    public void Run(int tile, int worker)
    {
        int row = cut.First(tile), rows = cut.First(tile + 1) - row;
        var mine = pass.WithRows(row, rows);
        PackedRows a;
        if (pass.IsDirect) a = mine.Direct(0);
        else
        {
            a = mine.PackedAt(scratch.Packed(worker));
            mine.PackRows(a, 0, rows, areClose: true);
        }
        float* edge = scratch.Edge(worker);
        var arguments = mine.Arguments(a);
        var prefetch = Next(tile, worker, mine);
        byte* panels = b.For(worker, pass, isA: false);
        int together = PanelsTogether(rows), width = together * pass.Kernel.Columns;
        for (int first = 0; first < pass.Columns; first += width, panels += together * pass.PanelBytes)
        {
            int end = Math.Min(first + width, pass.Columns);
            byte* strip = a.First;
            for (int r = 0; r < rows; r += mine.Kernel.Rows, strip += a.StripStride) mine.Strip(strip, panels, r, first, end, edge, ref arguments, ref prefetch);
        }
    }

    // A short panel stays in the first-level cache while all strips go by. Beside a longer one nothing would; a strip does, beside panels that come from the second level.
    private int PanelsTogether(int rows) => pass.PanelBytes <= ShortPanel && rows > pass.Kernel.Rows ? 1 : (int)Math.Max(1, SecondLevel / pass.PanelBytes);

    /// <summary>The piece that this worker will probably take next.</summary>
    private Prefetch Next(int tile, int worker, in MatrixPass mine)
    {
        var (next, isOfNextPass) = cut.After(tile, worker, workers);
        int depth = isOfNextPass ? pass.NextDepth : pass.Depth;
        if (next < 0 || depth == 0) return default;
        int row = cut.First(next), rows = cut.First(next + 1) - row;
        return Prefetch.Of(pass.A, pass.FirstRow + row, isOfNextPass ? pass.FirstK + pass.Depth : pass.FirstK, rows, depth,
            (long)pass.Depth * pass.Rows * pass.A.ElementSize, pass.Steps, mine.Tiles);
    }
}
