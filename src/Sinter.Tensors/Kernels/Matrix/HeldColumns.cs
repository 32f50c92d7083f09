using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// A product of no more rows than the micro-kernel's tile has, with panels of B that are held, as in generation: bound by reading the panels,
/// each once. The same sums as <see cref="ColumnTiles"/> makes, in one go for all of k; a tile is some panels.
/// </summary>
internal readonly unsafe struct HeldColumns(MatrixPass pass, long k, int block, int panels, PackedRows a, WorkerScratch scratch) : ITileBody
{
    private const int WantedTiles = 16, MaxPanels = 4;

    private int Piece => panels * pass.Kernel.Columns;

    private int Count => (pass.Columns + Piece - 1) / Piece;

    /// <summary>Multiplies.</summary>
    /// <param name="cpu">Whose threads.</param>
    /// <param name="pass">Factors, panels and target; rows from 1 to the kernel's.</param>
    /// <param name="k">All of k.</param>
    /// <param name="rows">Memory for the packed rows, <see cref="RowBytes"/> bytes.</param>
    /// <param name="scratch">With room for a tile at the edge.</param>
    public static void Multiply(CpuDevice cpu, MatrixPass pass, long k, byte* rows, WorkerScratch scratch)
    {
        long rowStride = RowBytes(pass.Kernel, 1, k);
        for (int r = 0; r < pass.Rows; r++) pass.PackRow(r, 0, checked((int)k), (uint*)(rows + r * rowStride));
        int count = (pass.Columns + pass.Kernel.Columns - 1) / pass.Kernel.Columns;
        var tiles = new HeldColumns(pass, k, MatrixPlan.KBlockOf(pass.Kernel, k),
            Math.Clamp(count / WantedTiles, 1, MaxPanels), new PackedRows(rows, 0, rowStride, 4), scratch);
        cpu.Workers.Run(tiles.Count, tiles);
    }

    /// <summary>Bytes of packed rows of A.</summary>
    public static long RowBytes(MicroKernel kernel, int rows, long k) =>
        rows * MatrixPlan.RoundUp((k + kernel.StepLength - 1) / kernel.StepLength * 4, 64);

    public void Run(int tile, int worker)
    {
        float* edge = scratch.Edge(worker);
        int end = Math.Min(pass.Columns, (tile + 1) * Piece);
        for (int column = tile * Piece; column < end; column += pass.Kernel.Columns)
            for (long k0 = 0; k0 < k; k0 += block)
            {
                var part = pass with { FirstK = k0, Depth = (int)Math.Min(block, k - k0), Accumulate = pass.Accumulate || k0 > 0 };
                if (k0 + block < k) part.Epilogue = default;
                var arguments = part.Arguments(a);
                part.Tile(a.First + k0 / pass.Kernel.StepLength * 4, part.HeldAt(column), 0, column, edge, ref arguments);
            }
    }
}
