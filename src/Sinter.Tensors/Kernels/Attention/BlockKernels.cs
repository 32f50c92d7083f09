using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Micro-kernels for blocks of attention: those of the matrix product, in tiles of 8 rows where they have 12. Contexts and blocks are powers of two,
/// and the finer the tile, the less of it a causal mask hides; 16 vectors of sums are still enough to keep the multipliers busy.
/// </summary>
internal static class BlockKernels
{
    private const int Rows = 8;

    /// <summary>The kernel for a precision other than <see cref="Precision.Auto"/>.</summary>
    public static MicroKernel For(Precision precision) => MicroKernels.For(precision).UpTo(Rows);
}
