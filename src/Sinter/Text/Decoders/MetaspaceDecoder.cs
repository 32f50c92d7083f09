namespace Sinter.Text.Decoders;

/// <summary><c>Metaspace</c>: the sign is a space, but in the first token nothing where it was put before the text.</summary>
internal sealed class MetaspaceDecoder(string sign, bool prepended) : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++) tokens[i] = tokens[i].Replace(sign, i == 0 && prepended ? "" : " ", StringComparison.Ordinal);
        return tokens;
    }
}
