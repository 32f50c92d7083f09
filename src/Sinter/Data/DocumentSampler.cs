namespace Sinter.Data;

/// <summary>The training documents in passes, in a <see cref="PassOrder"/>; for one thread at a time.</summary>
internal sealed class DocumentSampler : ITrainingSequences
{
    private readonly DocumentSequences _documents;
    private readonly PassOrder _order;

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
        _documents = new(tokens, contextLength);
        _order = new(_documents, seed, buckets);
    }

    /// <inheritdoc/>
    public int ContextLength => _documents.ContextLength;

    /// <inheritdoc/>
    public long PerPass => _documents.Count;

    /// <inheritdoc/>
    public bool HasOneLength => false;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _documents.LengthOf(_order[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _documents.Fill(_order[sequence], row.Inputs, row.Targets);

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
    public long BucketEnd(long sequence) => _order.BucketEnd(sequence);

    /// <inheritdoc/>
    public string Describe(long first, long count) =>
        $"the documents {first} to {first + count - 1}, which begin at token {_documents.StartOf(_order[first])} of the training text";
}
