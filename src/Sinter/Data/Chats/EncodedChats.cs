namespace Sinter.Data.Chats;

/// <summary>Chats as tokens, of which some are to be learned; all in memory, five bytes a token. Safe on several threads.</summary>
internal sealed class EncodedChats(int contextLength) : ITextSequences
{
    private readonly List<int> _tokens = [];
    private readonly List<bool> _trained = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _targets = [];
    private readonly List<string> _places = [];

    /// <inheritdoc/>
    public int ContextLength => contextLength;

    /// <inheritdoc/>
    public long Count => _places.Count;

    /// <summary>The tokens of all chats.</summary>
    public long Tokens => _tokens.Count;

    /// <summary>Adds a chat.</summary>
    /// <param name="tokens">Its tokens: one more than the context at most.</param>
    /// <param name="trained">Which of them are learned; not the first one, which nothing stands before.</param>
    /// <param name="place">Where it is from.</param>
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<bool> trained, string place)
    {
        _tokens.AddRange(tokens);
        _trained.AddRange(trained);
        _starts.Add(_tokens.Count);
        _targets.Add(trained[1..].Count(true));
        _places.Add(place);
    }

    /// <inheritdoc/>
    public int LengthOf(long sequence) => _starts[(int)sequence + 1] - _starts[(int)sequence] - 1;

    /// <inheritdoc/>
    public int TargetsOf(long sequence) => _targets[(int)sequence];

    /// <inheritdoc/>
    public string PlaceOf(long sequence) => _places[(int)sequence];

    /// <inheritdoc/>
    public int Fill(long sequence, Span<int> inputs, Span<int> targets)
    {
        int start = _starts[(int)sequence], length = LengthOf(sequence);
        for (int i = 0; i < length; i++)
            (inputs[i], targets[i]) = (_tokens[start + i], _trained[start + i + 1] ? _tokens[start + i + 1] : ISequences.IgnoredTarget);
        inputs[length..].Clear();
        targets[length..].Fill(ISequences.IgnoredTarget);
        return _targets[(int)sequence];
    }
}
