namespace Sinter.Data;

/// <summary>How sequences of similar length are brought together: in the shuffled order, each <paramref name="Window"/> sequences are sorted by length and cut into
/// buckets of up to <paramref name="Targets"/> targets, and the buckets are shuffled.</summary>
/// <param name="Window">Sequences that are sorted together: the more, the less padding and the less random the order.</param>
/// <param name="Targets">The most targets of a bucket, at least those of the longest sequence.</param>
public sealed record LengthBuckets(int Window, int Targets);
