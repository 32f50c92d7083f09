namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>How a matrix product is cut: by its shape and the micro-kernel alone, so that every number of threads gives the same bits.</summary>
/// <remarks>
/// k is cut so that a panel of B stays in the second-level cache; columns so that a packed B stays in the third; rows and chunks of columns into tiles enough
/// to share, where a tile packs its own rows of A.
/// </remarks>
internal readonly struct MatrixPlan
{
    /// <summary>The most steps of k in one pass.</summary>
    public const int MaxSteps = 512;
    private const int MaxColumns = 3072, MaxRows = 96, MaxChunk = 1024, WantedTiles = 8;

    public MatrixPlan(MicroKernel kernel, long m, long n, long k)
    {
        long steps = (k + kernel.StepLength - 1) / kernel.StepLength;
        long passes = Math.Max(1, (steps + MaxSteps - 1) / MaxSteps);
        KBlock = (int)Math.Max(1, (steps + passes - 1) / passes) * kernel.StepLength;
        NBlock = (int)Math.Min(MaxColumns / kernel.Columns * kernel.Columns, RoundUp(n, kernel.Columns));
        MBlock = (int)Math.Min(MaxRows / kernel.Rows * kernel.Rows, RoundUp((m + WantedTiles - 1) / WantedTiles, kernel.Rows));
        long rowBlocks = (m + MBlock - 1) / MBlock;
        long chunks = Math.Max((NBlock + MaxChunk - 1) / MaxChunk, rowBlocks >= WantedTiles ? 1 : (WantedTiles + rowBlocks - 1) / rowBlocks);
        Chunk = (int)RoundUp((NBlock + chunks - 1) / chunks, kernel.Columns);
    }

    /// <summary>k in one pass, a whole number of steps.</summary>
    public int KBlock { get; }

    /// <summary>Columns of B packed at a time.</summary>
    public int NBlock { get; }

    /// <summary>Rows of A that a tile packs.</summary>
    public int MBlock { get; }

    /// <summary>Columns of a tile.</summary>
    public int Chunk { get; }

    public static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
