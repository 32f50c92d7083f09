namespace Sinter.Tensors.Kernels;

/// <summary>How rows are shared: blocks of rows by the shape alone, so that every number of threads does the same sums in the same order.</summary>
internal readonly struct RowBlocks
{
    private const int TileElements = 16 * 1024, MaxReduceBlocks = 64;

    private RowBlocks(long rows, long size)
    {
        Rows = rows;
        Size = Math.Max(1, size);
        Count = checked((int)((rows + Size - 1) / Size));
    }

    /// <summary>All rows.</summary>
    public long Rows { get; }

    /// <summary>Rows of a block.</summary>
    public long Size { get; }

    /// <summary>Blocks.</summary>
    public int Count { get; }

    /// <summary>Blocks of about sixteen thousand elements, for rows that do not depend on each other.</summary>
    public static RowBlocks ForRows(long rows, long columns) => new(rows, TileElements / Math.Max(1, columns));

    /// <summary>At most 64 blocks, each of which leaves a row of partial sums.</summary>
    public static RowBlocks ForSums(long rows, long columns) =>
        new(rows, Math.Max((rows + MaxReduceBlocks - 1) / MaxReduceBlocks, TileElements / Math.Max(1, columns)));

    /// <summary>The first row of a block.</summary>
    public long Start(int block) => block * Size;

    /// <summary>The row after the last of a block.</summary>
    public long End(int block) => Math.Min(Rows, (block + 1) * Size);
}
