namespace Sinter.Tests.Text.Soak;

/// <summary>Random numbers that are the same on every runtime (Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014).</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number in [0, <paramref name="limit"/>).</summary>
    public int Next(int limit)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z ^ z >> 31) % (ulong)limit);
    }

    /// <summary>A number in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public int Next(int least, int most) => least + Next(most - least + 1);

    /// <summary>One of the items.</summary>
    public T Of<T>(ReadOnlySpan<T> items) => items[Next(items.Length)];
}
