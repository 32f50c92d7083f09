namespace Sinter.Data;

/// <summary>The validation documents, each a sequence of its own, cut at the context; the longest first, so that a batch has little padding. With a limit they are
/// spread evenly over the part, the same ones each time.</summary>
internal sealed class ValidationDocuments : IValidationSequences
{
    private readonly DocumentSequences _documents;
    private readonly long[] _chosen;

    /// <summary>Chooses the sequences.</summary>
    /// <param name="tokens">The validation tokens.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <param name="maxTokens">About how many targets to evaluate at most, at least one sequence; null is all.</param>
    /// <exception cref="DataException">There are fewer than two tokens, so nothing to predict.</exception>
    public ValidationDocuments(TokenArray tokens, int contextLength, long? maxTokens)
    {
        _documents = new(tokens, contextLength);
        double share = Math.Min(1, (double)(maxTokens ?? long.MaxValue) / _documents.Targets);
        long count = Math.Clamp((long)(share * _documents.Count), 1, _documents.Count);
        _chosen = [.. Enumerable.Range(0, checked((int)count)).Select(i => i * _documents.Count / count)
            .OrderByDescending(_documents.LengthOf).ThenBy(sequence => sequence)];
        Targets = _chosen.Sum(sequence => (long)_documents.LengthOf(sequence));
    }

    /// <inheritdoc/>
    public long Count => _chosen.Length;

    /// <inheritdoc/>
    public long Targets { get; }

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _documents.LengthOf(_chosen[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _documents.Fill(_chosen[sequence], row.Inputs, row.Targets);
}
