using Sinter.Text.Characters;

namespace Sinter.Text.Patterns;

/// <summary>Each code point of a kind is a match.</summary>
internal sealed class CharPattern(Func<int, bool> matches) : ITextPattern
{
    /// <summary>Each code point that is any of <paramref name="flags"/>.</summary>
    public CharPattern(CharFlags flags) : this(codePoint => CharTable.Is(codePoint, flags)) { }

    /// <inheritdoc/>
    public void Find(ReadOnlySpan<char> text, List<TextMatch> into)
    {
        int last = 0;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.At(text, i, out int length);
            if (matches(codePoint)) TextMatch.Add(into, ref last, i, i + length);
            i += length;
        }
        TextMatch.AddRest(into, last, text.Length);
    }
}
