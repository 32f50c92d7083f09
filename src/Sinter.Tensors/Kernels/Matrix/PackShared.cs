using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Packs the factor that all tiles of a pass share, in pieces: strips of A, panels of B, or, where those are too few, steps of B in all panels.
/// </summary>
internal readonly unsafe struct PackShared(MatrixPass pass, bool isA, byte* packed) : ITileBody
{
    private const int StripsPerTile = 4, FewPanels = 3, MostSteps = 32, LeastSteps = 8;

    private bool ByPanel => isA || pass.B.Transposed || pass.Columns > FewPanels * pass.Kernel.Columns;

    private int Piece => isA ? StripsPerTile * pass.Kernel.Rows : pass.Kernel.Columns;

    private int Extent => isA ? pass.Rows : pass.Columns;

    private TileCut Cut => new(pass.Steps, MostSteps, LeastSteps);

    public int Count => ByPanel ? (Extent + Piece - 1) / Piece : Cut.Count;

    public void Run(int tile, int worker)
    {
        if (!ByPanel)
        {
            var cut = Cut;
            pass.PackSteps(packed, cut.First(tile), cut.First(tile + 1));
            return;
        }
        int first = tile * Piece, count = Math.Min(Piece, Extent - first);
        if (isA) pass.PackRows(pass.PackedAt(packed), first, count);
        else pass.PackColumns(packed + tile * pass.PanelBytes, first, count);
    }
}
