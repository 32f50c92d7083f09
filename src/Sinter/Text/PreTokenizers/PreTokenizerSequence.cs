namespace Sinter.Text.PreTokenizers;

/// <summary><c>Sequence</c>: one pre-tokenizer after the other.</summary>
internal sealed class PreTokenizerSequence(IPreTokenizer[] parts) : IPreTokenizer
{
    /// <inheritdoc/>
    public bool NeedsOrigins { get; } = parts.Any(p => p.NeedsOrigins);

    /// <inheritdoc/>
    public void Cut(PieceList pieces)
    {
        foreach (IPreTokenizer part in parts) part.Cut(pieces);
    }
}
