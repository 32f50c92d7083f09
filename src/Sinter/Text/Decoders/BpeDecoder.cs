namespace Sinter.Text.Decoders;

/// <summary><c>BPEDecoder</c>: the suffix of a word's last token is a space, save at the text's end.</summary>
internal sealed class BpeDecoder(string suffix) : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++) tokens[i] = tokens[i].Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal);
        return tokens;
    }
}
