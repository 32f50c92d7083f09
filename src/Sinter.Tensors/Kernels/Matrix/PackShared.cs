using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Packs the factor that all tiles of a pass share, in pieces.</summary>
internal readonly unsafe struct PackShared(MatrixPass pass, bool isA, byte* packed) : ITileBody
{
    private const int StripsPerTile = 4;

    private int Piece => isA ? StripsPerTile * pass.Kernel.Rows : pass.Kernel.Columns;

    private int Extent => isA ? pass.Rows : pass.Columns;

    public int Count => (Extent + Piece - 1) / Piece;

    public void Run(int tile, int worker)
    {
        int first = tile * Piece, count = Math.Min(Piece, Extent - first);
        if (isA) pass.PackRows(pass.PackedAt(packed), first, count);
        else pass.PackColumns(packed + tile * pass.PanelBytes, first, count);
    }
}
