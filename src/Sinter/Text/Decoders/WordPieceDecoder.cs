namespace Sinter.Text.Decoders;

/// <summary><c>WordPiece</c>: a token without the prefix begins a word; with cleanup, spaces before punctuation and in contractions go.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : ITokenDecoder
{
    private static readonly (string From, string To)[] Spaces =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"),
            (" 've", "'ve"), (" 're", "'re")];

    /// <summary>Takes away the spaces that English does not have.</summary>
    public static string CleanUp(string text)
    {
        foreach ((string from, string to) in Spaces) text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0) tokens[i] = tokens[i].StartsWith(prefix, StringComparison.Ordinal) ? tokens[i][prefix.Length..] : " " + tokens[i];
            if (cleanup) tokens[i] = CleanUp(tokens[i]);
        }
        return tokens;
    }
}
