using Sinter.Text.Characters;

namespace Sinter.Text.Patterns;

/// <summary><c>\w+|[^\w\s]+</c>: runs of word characters, and runs of what is neither those nor white space.</summary>
internal sealed class WhitespacePattern : ITextPattern
{
    /// <inheritdoc/>
    public void Find(ReadOnlySpan<char> text, List<TextMatch> into)
    {
        int last = 0, start = 0;
        CharFlags kind = CharFlags.White;
        for (int i = 0, length = 0; i <= text.Length; i += length)
        {
            CharFlags next = i == text.Length ? CharFlags.White : CharTable.Flags(CodePoints.At(text, i, out length)) & (CharFlags.Word | CharFlags.White);
            if (next != kind || i == text.Length)
            {
                if (kind != CharFlags.White) TextMatch.Add(into, ref last, start, i);
                (start, kind) = (i, next);
            }
            if (i == text.Length) break;
        }
        TextMatch.AddRest(into, last, text.Length);
    }
}
