namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// A whole factor B packed as the micro-kernel reads it: block of k after block of k, in each the panels of columns, as a product would pack them for itself.
/// </summary>
/// <param name="memory">Its memory; null where nothing is held.</param>
/// <param name="kernel">The kernel.</param>
/// <param name="paddedColumns">Columns, a whole number of panels.</param>
internal readonly unsafe struct HeldPanels(byte* memory, MicroKernel kernel, long paddedColumns)
{
    public bool IsNone => memory == null;

    /// <summary>Bytes of a factor's panels.</summary>
    public static long Bytes(MicroKernel kernel, long n, long k) =>
        MatrixPlan.RoundUp(n, kernel.Columns) * ((k + kernel.StepLength - 1) / kernel.StepLength) * 4;

    /// <summary>The panel that begins at a column, a multiple of the panel's width, of the block that begins at <paramref name="firstK"/> and has <paramref name="steps"/> steps.</summary>
    public byte* At(long firstK, long column, int steps) => memory + (firstK / kernel.StepLength * paddedColumns + column * steps) * 4;
}
