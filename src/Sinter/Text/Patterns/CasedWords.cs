using Sinter.Text.Characters;

namespace Sinter.Text.Patterns;

/// <summary>
/// The words of GPT-4o's pattern: <c>P?U*L+</c>, or else <c>P?U+L*</c>, where P is no letter, number or line end, U are capitals, L small letters, and
/// letters without case and marks are both. Written so that no text is gone through more than twice.
/// </summary>
internal static class CasedWords
{
    private const CharFlags Cased = CharFlags.Upper | CharFlags.Lower;

    /// <summary>The end of the word at <paramref name="start"/>, or −1.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        int first = CodePoints.At(text, start, out int length);
        bool prefix = first is not ('\r' or '\n') && !CharTable.Is(first, CharFlags.Letter | CharFlags.Number);
        int after = start + length;
        if (prefix && Small(text, after) is > 0 and int withPrefix) return withPrefix;
        if (Small(text, start) is > 0 and int without) return without;
        if (prefix && Run(text, after, upper: true) is var capitals && capitals > after) return Run(text, capitals, upper: false);
        int end = Run(text, start, upper: true);
        return end > start ? Run(text, end, upper: false) : -1;
    }

    /// <summary>The end of <c>U*L+</c>, or −1: capitals are given back until a letter that may be small is left.</summary>
    private static int Small(ReadOnlySpan<char> text, int start)
    {
        int capitals = Run(text, start, upper: true), end = Run(text, capitals, upper: false);
        if (end > capitals) return end;
        for (int i = capitals; i > start;)
        {
            int codePoint = CodePoints.Before(text, i, out int length);
            if (!CharTable.Is(codePoint, CharFlags.Upper)) return i;
            i -= length;
        }
        return -1;
    }

    private static int Run(ReadOnlySpan<char> text, int start, bool upper)
    {
        int i = start;
        while (i < text.Length && IsPart(CharTable.Flags(CodePoints.At(text, i, out int length)), upper)) i += length;
        return i;
    }

    private static bool IsPart(CharFlags flags, bool upper) =>
        (flags & (upper ? CharFlags.Upper : CharFlags.Lower)) != 0 || (flags & (CharFlags.Letter | CharFlags.Mark)) != 0 && (flags & Cased) == 0;
}
