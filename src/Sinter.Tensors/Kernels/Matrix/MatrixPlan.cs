namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>How a matrix product is cut: by its shape and the micro-kernel alone, so that every number of threads gives the same bits.</summary>
/// <remarks>
/// k is cut so that a panel of B stays in the first or second-level cache. The smaller factor is packed first, for everyone, and the larger one piece by piece by
/// whoever needs the piece next, so that it goes from memory straight through the cache; its reading overlaps with the other threads' arithmetic.
/// How k is cut depends on k alone: an element of C is the same sum whatever the other extents are. The one exception are products of a transposed A with few
/// results, gradients of small weights (<see cref="FirstPart"/>).
/// </remarks>
internal readonly struct MatrixPlan
{
    /// <summary>The most steps of k in one pass.</summary>
    public const int MaxSteps = 768;
    private const int MaxShared = 3072, MaxRows = 96, MinRows = 6, MaxPanels = 4, FewPanels = 32;
    private const int SmallResult = 128 << 10, LeastParted = 256, PartUnit = 32;   // numbers of C, and k
    private const long SmallFactor = 256 << 10;   // bytes: the second-level cache has it for every tile of rows, however low

    /// <summary>Plans.</summary>
    /// <param name="isTurned">Whether A lies transposed: a line then holds parts of some strips, which are packed side by side.</param>
    public MatrixPlan(MicroKernel kernel, long m, long n, long k, bool isTurned)
    {
        KBlock = KBlockOf(kernel, k);
        long panels = (n + kernel.Columns - 1) / kernel.Columns;
        SharesA = m < n;
        SharedBlock = SharesA ? (int)Math.Min(MaxShared / kernel.Rows * kernel.Rows, RoundUp(m, kernel.Rows))
            : (int)Math.Min(MaxShared / kernel.Columns * kernel.Columns, RoundUp(n, kernel.Columns));
        if (SharesA) Tiles = panels <= FewPanels ? TileCut.Each((int)panels) : new TileCut(panels, MaxPanels, 1);
        else Tiles = new TileCut(m, !isTurned && IsSmall(kernel, n) ? kernel.Rows : MaxRows, MinRows);
        bool isShallow = k <= 2L * MaxSteps * kernel.StepLength - PartUnit, isInOneBlock = (SharesA ? m : n) <= SharedBlock;
        if (isTurned && k >= LeastParted && isShallow && m * n <= SmallResult && isInOneBlock) FirstPart = (int)RoundUp((k + 1) / 2, PartUnit);
    }

    /// <summary>k of the first of two halves, not the smaller one, that are summed apart, where A is transposed and C small (<see cref="DepthParts{TTiles}"/>); 0 where it is not cut so.</summary>
    public int FirstPart { get; }

    /// <summary>k in one pass, a whole number of steps.</summary>
    public int KBlock { get; }

    /// <summary>Whether A is packed for everyone and B by pieces, rather than the other way round.</summary>
    public bool SharesA { get; }

    /// <summary>Rows of A, or columns of B, that are packed for everyone at a time.</summary>
    public int SharedBlock { get; }

    /// <summary>The tiles: pieces of panels of B where A is shared, of rows of A otherwise.</summary>
    public TileCut Tiles { get; }

    /// <summary>Whether the shared B is small enough for tiles of a strip each: the lower the last tile, the sooner no thread waits for another.</summary>
    private bool IsSmall(MicroKernel kernel, long n) => MatrixPass.ColumnBytes(kernel, checked((int)Math.Min(n, SharedBlock)), kernel.StepsOf(KBlock)) <= SmallFactor;

    /// <summary>The <see cref="KBlock"/> of products of <paramref name="k"/>.</summary>
    public static int KBlockOf(MicroKernel kernel, long k)
    {
        long steps = (k + kernel.StepLength - 1) / kernel.StepLength;
        long passes = Math.Max(1, (steps + MaxSteps - 1) / MaxSteps);
        return (int)Math.Max(1, (steps + passes - 1) / passes) * kernel.StepLength;
    }

    /// <summary>The least multiple of <paramref name="multiple"/> that is not below <paramref name="value"/>.</summary>
    public static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
