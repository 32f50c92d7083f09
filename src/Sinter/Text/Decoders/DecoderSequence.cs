namespace Sinter.Text.Decoders;

/// <summary><c>Sequence</c>: one step after the other.</summary>
internal sealed class DecoderSequence(ITokenDecoder[] parts) : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => parts.Aggregate(tokens, (texts, part) => part.Decode(texts));
}
