namespace Sinter.Data;

/// <summary>
/// The documents of a part as sequences of their own. A document's sequence begins with what stands before the document (the end-of-text token or the line feed
/// that separates documents; for the first one, its own first token) and its targets are its tokens and the separator behind it, so that a model learns how a
/// document begins and ends. What is longer than the context goes on in further sequences. So every token of the part but the first is a target exactly once, as with
/// windows. Safe on several threads.
/// </summary>
internal sealed class DocumentSequences : ISequenceLengths
{
    // Sequence i reads from here up to where the next one begins.
    private readonly long[] _starts;
    private readonly TokenArray _tokens;

    /// <summary>Cuts the documents of a part.</summary>
    /// <exception cref="DataException">There are fewer than two tokens, so nothing to predict.</exception>
    public DocumentSequences(TokenArray tokens, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        if (tokens.Length < 2) throw new DataException($"a part of the text has {tokens.Length} tokens, so there is nothing to predict; give more text");
        List<long> starts = [];
        for (long document = 0; document < tokens.Documents; document++)
        {
            long end = document + 1 < tokens.Documents ? tokens.StartOfDocument(document + 1) - 1 : tokens.Length - 1;
            for (long start = Math.Max(0, tokens.StartOfDocument(document) - 1); start < end; start += contextLength) starts.Add(start);
        }
        starts.Add(tokens.Length - 1);
        (_tokens, _starts, ContextLength) = (tokens, [.. starts], contextLength);
    }

    /// <summary>The tokens of the longest sequence there may be.</summary>
    public int ContextLength { get; }

    /// <summary>The number of sequences.</summary>
    public long Count => _starts.Length - 1;

    /// <summary>The targets of all sequences.</summary>
    public long Targets => _tokens.Length - 1;

    /// <summary>The index of a sequence's first token.</summary>
    public long StartOf(long sequence) => _starts[sequence];

    /// <summary>The targets of a sequence.</summary>
    public int LengthOf(long sequence) => (int)(_starts[sequence + 1] - _starts[sequence]);

    /// <inheritdoc cref="ISequences.Fill"/>
    public int Fill(long sequence, Span<int> inputs, Span<int> targets)
    {
        int length = LengthOf(sequence);
        if (inputs.Length != targets.Length || inputs.Length < length)
            throw new ArgumentException($"inputs [{inputs.Length}] and targets [{targets.Length}] must have the same length, at least {length}");
        _tokens.CopyTo(_starts[sequence], inputs[..length]);
        _tokens.CopyTo(_starts[sequence] + 1, targets[..length]);
        inputs[length..].Clear();
        targets[length..].Fill(ISequences.IgnoredTarget);
        return length;
    }
}
