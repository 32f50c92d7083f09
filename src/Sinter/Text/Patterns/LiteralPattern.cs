namespace Sinter.Text.Patterns;

/// <summary>A text that is not empty.</summary>
internal sealed class LiteralPattern(string text) : ITextPattern
{
    /// <inheritdoc/>
    public void Find(ReadOnlySpan<char> inside, List<TextMatch> into)
    {
        int last = 0;
        for (int found; (found = inside[last..].IndexOf(text, StringComparison.Ordinal)) >= 0;)
        {
            int start = last + found;
            TextMatch.Add(into, ref last, start, start + text.Length);
        }
        TextMatch.AddRest(into, last, inside.Length);
    }
}
