using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Packs a whole factor B, to be held; a tile is some panels with all of k.</summary>
internal readonly unsafe struct PackHeld(MatrixPass pass, long n, long k, HeldPanels target) : ITileBody
{
    private const int PanelsPerTile = 4;

    private int Piece => PanelsPerTile * pass.Kernel.Columns;

    public int Count => checked((int)((n + Piece - 1) / Piece));

    public void Run(int tile, int worker)
    {
        long column = (long)tile * Piece;
        int columns = (int)Math.Min(Piece, n - column), block = MatrixPlan.KBlockOf(pass.Kernel, k);
        for (long k0 = 0; k0 < k; k0 += block)
        {
            var part = pass with { FirstK = k0, Depth = (int)Math.Min(block, k - k0), FirstColumn = column };
            part.PackColumns(target.At(k0, column, part.Steps), 0, columns);
        }
    }
}
