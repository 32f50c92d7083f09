namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// The packed factor that all tiles of a pass read. A large one is packed before them by all threads together. Of a small one each worker packs a copy of its own with
/// its first tile, where workers are few: lines that one processor writes and another has read go back and forth between their caches, which takes longer than
/// packing them twice, and nobody waits for anybody.
/// </summary>
/// <param name="memory">The packed factor, or the workers' copies.</param>
/// <param name="copyBytes">Bytes of a copy; 0 where there is one for all.</param>
/// <param name="packed">For which pass each worker packed last, eight words apart.</param>
/// <param name="number">The pass's number.</param>
internal readonly unsafe struct SharedFactor(byte* memory, long copyBytes, long* packed, long number)
{
    /// <summary>Words from worker to worker in what says for which pass each has packed.</summary>
    public const int WordsPerWorker = 8;

    /// <summary>One for all.</summary>
    public SharedFactor(byte* memory) : this(memory, 0, null, 0) { }

    /// <summary>Whether workers pack a factor of <paramref name="bytes"/> bytes for themselves: it shall fit the second-level cache beside what else is read.</summary>
    public static bool IsCopied(long bytes, int workers) => workers is > 1 and <= 4 && bytes <= 256 << 10;

    /// <summary>The factor, for a tile of <paramref name="worker"/>.</summary>
    public byte* For(int worker, in MatrixPass pass, bool isA)
    {
        if (copyBytes == 0) return memory;
        byte* copy = memory + worker * copyBytes;
        ref long last = ref packed[worker * WordsPerWorker];
        if (last == number) return copy;
        if (isA) pass.PackRows(pass.PackedAt(copy), 0, pass.Rows);
        else pass.PackColumns(copy, 0, pass.Columns);
        last = number;
        return copy;
    }
}
