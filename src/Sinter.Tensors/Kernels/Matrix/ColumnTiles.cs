using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of a pass that share the packed A: each packs some panels of B, which stay in the cache while the rows of A go by.</summary>
internal readonly unsafe struct ColumnTiles(MatrixPass pass, TileCut cut, int workers, SharedFactor factor, WorkerScratch scratch) : ITileBody
{
    public void Run(int tile, int worker)
    {
        int column = cut.First(tile) * pass.Kernel.Columns, columns = Math.Min(cut.First(tile + 1) * pass.Kernel.Columns, pass.Columns) - column;
        byte* panels = pass.Held.IsNone ? scratch.Packed(worker) : pass.HeldAt(column);
        if (pass.Held.IsNone) pass.PackColumns(panels, column, columns);
        var a = pass.IsDirect ? pass.Direct(0) : pass.PackedAt(factor.For(worker, pass, isA: true));
        float* edge = scratch.Edge(worker);
        var arguments = pass.Arguments(a);
        var prefetch = Next(tile, worker, (pass with { Columns = columns }).Tiles);
        byte* strip = a.First;
        for (int r = 0; r < pass.Rows; r += pass.Kernel.Rows, strip += a.StripStride)
            pass.Strip(strip, panels, r, column, column + columns, edge, ref arguments, ref prefetch);
    }

    /// <summary>The piece that this worker will probably take next.</summary>
    private Prefetch Next(int tile, int worker, int tiles)
    {
        var (next, isOfNextPass) = cut.After(tile, worker, workers);
        int depth = isOfNextPass ? pass.NextDepth : pass.Depth;
        if (next < 0 || depth == 0 || !pass.Held.IsNone) return default;
        int column = cut.First(next) * pass.Kernel.Columns, columns = Math.Min(cut.First(next + 1) * pass.Kernel.Columns, pass.Columns) - column;
        return Prefetch.Of(pass.B, isOfNextPass ? pass.FirstK + pass.Depth : pass.FirstK, pass.FirstColumn + column, depth, columns,
            (long)pass.Depth * pass.Columns * pass.B.ElementSize, pass.Steps, tiles);
    }
}
