namespace Sinter.Text.Decoders;

/// <summary><c>Strip</c>: takes at most so many of a character off the start and the end of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            ReadOnlySpan<char> text = tokens[i];
            for (int n = 0; n < start && text.StartsWith(content, StringComparison.Ordinal); n++) text = text[content.Length..];
            for (int n = 0; n < stop && text.EndsWith(content, StringComparison.Ordinal); n++) text = text[..^content.Length];
            if (text.Length < tokens[i].Length) tokens[i] = text.ToString();
        }
        return tokens;
    }
}
