namespace Sinter.Data;

/// <summary>
/// Cuts the validation tokens into windows that do not overlap. Without a limit every token but the first is a target exactly once, so the summed
/// loss ÷ <see cref="Targets"/> is the mean over the whole part. With a limit the windows are spread evenly, the same ones each time. Safe on several
/// threads.
/// </summary>
public sealed class ValidationWindows : IValidationSequences
{
    private readonly TokenArray _tokens;
    private readonly long _all;

    /// <summary>Cuts the tokens.</summary>
    /// <param name="tokens">The validation tokens.</param>
    /// <param name="contextLength">The tokens of a window.</param>
    /// <param name="maxTokens">About how many targets to evaluate at most, at least one window; null is all.</param>
    /// <exception cref="DataException">There are fewer than two tokens, so nothing to predict.</exception>
    public ValidationWindows(TokenArray tokens, int contextLength, long? maxTokens = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        if (maxTokens is { } limit) ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(maxTokens));
        if (tokens.Length < 2)
            throw new DataException($"the validation part has {tokens.Length} tokens, so there is nothing to predict; give more text");
        (_tokens, ContextLength) = (tokens, contextLength);
        _all = (tokens.Length - 2) / contextLength + 1;
        Count = Math.Clamp((maxTokens ?? long.MaxValue) / contextLength, 1, _all);
        Targets = Count * contextLength - (contextLength - LengthOf(Count - 1));
    }

    /// <summary>The tokens of a full window.</summary>
    public int ContextLength { get; }

    /// <summary>The number of windows.</summary>
    public long Count { get; }

    /// <summary>The number of targets in all windows.</summary>
    public long Targets { get; }

    /// <summary>The index of a window's first token.</summary>
    public long StartOf(long window)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(window, Count);
        return (long)((Int128)window * _all / Count) * ContextLength;
    }

    /// <summary>The targets of a window: the context, but for the last window of the text often fewer.</summary>
    public int LengthOf(long window) => (int)Math.Min(ContextLength, _tokens.Length - 1 - StartOf(window));

    /// <inheritdoc/>
    public int WidthOf(long sequence) => ContextLength;

    /// <summary>Fills windows into a batch.</summary>
    /// <param name="sequence">The first window.</param>
    /// <param name="inputs">[batch, context], row after row. Behind the end of a short window, and in rows after the last one, the id 0.</param>
    /// <param name="targets">[batch, context]: the inputs moved on by one token. Where there is none, <see cref="ISequences.IgnoredTarget"/>.</param>
    /// <returns>The number of real targets.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or are no multiple of the context.</exception>
    public int Fill(long sequence, Span<int> inputs, Span<int> targets)
    {
        if (inputs.Length != targets.Length || inputs.Length % ContextLength != 0)
            throw new ArgumentException(
                $"inputs [{inputs.Length}] and targets [{targets.Length}] must have the same length, a multiple of the context {ContextLength}");
        int real = 0;
        for (int row = 0; row * ContextLength < inputs.Length; row++)
        {
            Span<int> input = inputs.Slice(row * ContextLength, ContextLength), target = targets.Slice(row * ContextLength, ContextLength);
            int length = sequence + row < Count ? LengthOf(sequence + row) : 0;
            if (length > 0) _tokens.CopyTo(StartOf(sequence + row), input[..length]);
            if (length > 0) _tokens.CopyTo(StartOf(sequence + row) + 1, target[..length]);
            input[length..].Clear();
            target[length..].Fill(ISequences.IgnoredTarget);
            real += length;
        }
        return real;
    }

    /// <inheritdoc/>
    int ISequences.Fill(long sequence, SequenceRow row) => Fill(sequence, row.Inputs, row.Targets);
}
