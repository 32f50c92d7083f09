namespace Sinter.Data;

/// <summary>
/// The training documents in passes: each sequence once, in an order that is a function of seed and pass. With buckets, those of similar length come
/// together (Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks", 2014, section 3.4), so that a batch has little padding. Keeps the order
/// of the newest window of buckets; for one thread at a time.
/// </summary>
internal sealed class DocumentSampler : ITrainingSequences
{
    // "DOCS" in ASCII: it keeps this use of the seed apart from the others.
    private const ulong PassStream = 0x444F4353;

    private readonly DocumentSequences _documents;
    private readonly ulong _seed;
    private readonly BucketWindow? _window;

    /// <summary>Creates a sampler.</summary>
    /// <param name="tokens">The training tokens.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="buckets">How similar lengths are brought together, if they are.</param>
    /// <exception cref="DataException">The text is a single document.</exception>
    public DocumentSampler(TokenArray tokens, int contextLength, ulong seed, LengthBuckets? buckets)
    {
        if (tokens.Documents < 2)
            throw new DataException("data.sequences: documents needs more than one document to train on, and the text is one; "
                + "give a .jsonl file, several files or sdk-docs, or set data.sequences to windows");
        (_documents, _seed) = (new(tokens, contextLength), seed);
        if (buckets is not null) _window = new(_documents, buckets);
    }

    /// <inheritdoc/>
    public int ContextLength => _documents.ContextLength;

    /// <inheritdoc/>
    public long PerPass => _documents.Count;

    /// <inheritdoc/>
    public bool HasOneLength => false;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _documents.LengthOf(Find(sequence));

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _documents.Fill(Find(sequence), row.Inputs, row.Targets);

    /// <inheritdoc/>
    public long TargetsOf(long first, long count)
    {
        long targets = 0, end = first + count;
        while (first < end)
        {
            long passes = first % PerPass == 0 ? (end - first) / PerPass : 0;
            targets += passes > 0 ? passes * _documents.Targets : WidthOf(first);
            first += passes > 0 ? passes * PerPass : 1;
        }
        return targets;
    }

    /// <inheritdoc/>
    public long BucketEnd(long sequence)
    {
        if (_window is null) return long.MaxValue;
        Find(sequence);
        return sequence + _window.LeftInBucket(sequence % PerPass);
    }

    /// <inheritdoc/>
    public string Describe(long first, long count) =>
        $"the documents {first} to {first + count - 1}, which begin at token {_documents.StartOf(Find(first))} of the training text";

    /// <summary>Which sequence of the text a sequence of the run is.</summary>
    private long Find(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        (long pass, long position) = Math.DivRem(sequence, PerPass);
        SeededPermutation order = new(PerPass, _seed, PassStream << 24 ^ (ulong)pass);
        if (_window is null) return order[position];
        if (!_window.Holds(pass, position)) _window.Load(pass, position, order, _seed);
        return _window[position];
    }
}
