namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// A whole factor B packed as the micro-kernel reads it: block of k after block of k, in each the panels of columns, as a product would pack
/// them for itself.
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

    /// <summary>A panel.</summary>
    /// <param name="firstK">Where its block of k begins.</param>
    /// <param name="column">Its first column, a multiple of the panel's width.</param>
    /// <param name="steps">Steps of the block.</param>
    public byte* At(long firstK, long column, int steps) => memory + (firstK / kernel.StepLength * paddedColumns + column * steps) * 4;
}
