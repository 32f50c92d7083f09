namespace Sinter.Data;

/// <summary>
/// Passes over sequences: each once, in an order that is a function of seed and pass. With buckets, those of similar length come together (Sutskever, Vinyals and Le,
/// "Sequence to Sequence Learning with Neural Networks", 2014, section 3.4), so that a batch has little padding. Keeps the order of the newest window of buckets; for
/// one thread at a time.
/// </summary>
/// <param name="sequences">The sequences.</param>
/// <param name="seed">Decides the order.</param>
/// <param name="buckets">How similar lengths are brought together, if they are.</param>
internal sealed class PassOrder(ISequenceLengths sequences, ulong seed, LengthBuckets? buckets)
{
    // "DOCS" in ASCII: it keeps this use of the seed apart from the others.
    private const ulong PassStream = 0x444F4353;

    private readonly BucketWindow? _window = buckets is null ? null : new(sequences, buckets);

    /// <summary>Which sequence comes at a place of the run.</summary>
    public long this[long place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            (long pass, long position) = Math.DivRem(place, sequences.Count);
            SeededPermutation order = new(sequences.Count, seed, PassStream << 24 ^ (ulong)pass);
            if (_window is null) return order[position];
            if (!_window.Holds(pass, position)) _window.Load(pass, position, order, seed);
            return _window[position];
        }
    }

    /// <inheritdoc cref="ITrainingSequences.BucketEnd"/>
    public long BucketEnd(long place)
    {
        if (_window is null) return long.MaxValue;
        _ = this[place];
        return place + _window.LeftInBucket(place % sequences.Count);
    }
}
