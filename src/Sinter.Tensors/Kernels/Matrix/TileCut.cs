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

    /// <summary>Where piece <paramref name="index"/> begins; for <see cref="Count"/>, the extent.</summary>
    public int First(int index) => checked((int)(_extent * index / Count));
}
