namespace Sinter.Text.Patterns;

/// <summary>The words of a pattern written by hand; they cover all of the text.</summary>
internal sealed class WordPattern(SplitPattern pattern) : ITextPattern
{
    /// <inheritdoc/>
    public void Find(ReadOnlySpan<char> text, List<TextMatch> into)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = WordSplitter.Next(pattern, text, start);
            into.Add(new(start, end, true));
            start = end;
        }
    }
}
