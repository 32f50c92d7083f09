namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// An extent cut into pieces of equal size, give or take one: sixteen or a multiple, where they do not become too small, so that 2, 4, 8 or 16 threads get the same.
/// A micro-kernel is as fast for seven rows as for twelve, so nothing is lost where a piece is no whole number of tallest tiles.
/// </summary>
internal readonly struct TileCut
{
    private const int Wanted = 16;
    private readonly long _extent;

    /// <summary>Cuts.</summary>
    /// <param name="extent">What is cut, from 1.</param>
    /// <param name="most">The most that a piece holds.</param>
    /// <param name="least">What a piece holds at least, unless the extent is smaller.</param>
    public TileCut(long extent, int most, int least)
    {
        long count = MatrixPlan.RoundUp((extent + most - 1) / most, Wanted);
        while (count > 1 && extent / count < least) count /= 2;
        (_extent, Count) = (extent, checked((int)count));
    }

    private TileCut(long extent, int count) => (_extent, Count) = (extent, count);

    /// <summary>A piece for each of <paramref name="extent"/>.</summary>
    public static TileCut Each(int extent) => new(extent, extent);

    /// <summary>Pieces.</summary>
    public int Count { get; }

    /// <summary>The largest piece.</summary>
    public int Largest => (int)((_extent + Count - 1) / Count);

    /// <summary>
    /// What a worker probably takes after <paramref name="index"/>: the next piece of its range, or the first, of the pass after this one.
    /// </summary>
    /// <returns>The piece, or −1; and whether it is of the next pass.</returns>
    public (int Index, bool IsOfNextPass) After(int index, int worker, int workers)
    {
        if (index + 1 == (long)Count * (worker + 1) / workers) return ((int)((long)Count * worker / workers), true);
        return (index + 1 < Count ? index + 1 : -1, false);
    }

    /// <summary>Where piece <paramref name="index"/> begins; for <see cref="Count"/>, the extent.</summary>
    public int First(int index) => checked((int)(_extent * index / Count));
}
