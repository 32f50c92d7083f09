namespace Sinter.Text.Decoders;

/// <summary><c>CTC</c>: of equal tokens side by side one stays, and padding goes (Graves et al., "Connectionist Temporal Classification", 2006).</summary>
internal sealed class CtcDecoder(string pad, string wordDelimiter, bool cleanup) : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        List<string> made = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            string text = tokens[i].Replace(pad, "", StringComparison.Ordinal);
            if (cleanup) text = WordPieceDecoder.CleanUp(text).Replace(wordDelimiter, " ", StringComparison.Ordinal);
            if (text.Length > 0) made.Add(text);
        }
        return made;
    }
}
