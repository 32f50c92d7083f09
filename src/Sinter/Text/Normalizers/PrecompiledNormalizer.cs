using System.Globalization;
using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary>
/// <c>Precompiled</c>: the replacements of a SentencePiece model. As in the reference, a grapheme of less than six bytes is looked up whole by its
/// shortest prefix, all others code point by code point.
/// </summary>
internal sealed class PrecompiledNormalizer(CharsMap map) : INormalizer
{
    private const int LongestGrapheme = 5;

    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        List<TextChange> changes = new(text.Length);
        bool modified = false;
        ReadOnlySpan<char> rest = text.Text;
        while (!rest.IsEmpty)
        {
            int length = IsAlone(rest) ? 1 : StringInfo.GetNextTextElementLength(rest);
            modified |= Grapheme(rest[..length], changes);
            rest = rest[length..];
        }
        if (modified) text.Transform(changes);
    }

    // Of these only a line feed after a carriage return belongs to what is before it, in any version of Unicode.
    private static bool IsAlone(ReadOnlySpan<char> text) => IsPlain(text[0]) && (text.Length == 1 || (IsPlain(text[1]) && text[1] != '\n'));

    /// <summary>Characters before the first combining mark; letters of Greek, Cyrillic, Armenian, Arabic, kana, and Chinese characters.</summary>
    private static bool IsPlain(char c) => c is < '\u0300' or >= '\u0370' and <= '\u0482' or >= '\u048A' and <= '\u0588' or >= '\u0620' and <= '\u064A'
        or >= '\u3041' and <= '\u3096' or >= '\u30A1' and <= '\u30FA' or >= '\u3400' and <= '\u9FFF';

    private bool Grapheme(ReadOnlySpan<char> grapheme, List<TextChange> changes)
    {
        if (grapheme.Length == 1) return Single(grapheme, grapheme[0], changes);
        if (grapheme.Length <= LongestGrapheme && System.Text.Encoding.UTF8.GetByteCount(grapheme) <= LongestGrapheme && map.Find(grapheme) is { } whole)
        {
            Replace(grapheme, whole, changes);
            return true;
        }
        bool modified = false;
        for (int i = 0; i < grapheme.Length;)
        {
            int codePoint = CodePoints.At(grapheme, i, out int length);
            modified |= Single(grapheme.Slice(i, length), codePoint, changes);
            i += length;
        }
        return modified;
    }

    private bool Single(ReadOnlySpan<char> character, int codePoint, List<TextChange> changes)
    {
        string? made = map.Find(character);
        if (made is null) changes.Add(new(codePoint, 0));
        else Replace(character, made, changes);
        return made is not null;
    }

    /// <summary>Code points too many are added at the end; code points too few go with the last, even if it is of the text before.</summary>
    private static void Replace(ReadOnlySpan<char> old, string made, List<TextChange> changes)
    {
        int surplus = CodePoints.Count(made) - CodePoints.Count(old);
        for (int i = 0; i < made.Length;)
        {
            changes.Add(new(CodePoints.At(made, i, out int length), 0));
            i += length;
        }
        for (int n = 1; n <= Math.Min(surplus, changes.Count); n++) changes[^n] = changes[^n] with { Change = 1 };
        if (surplus < 0 && changes.Count > 0) changes[^1] = changes[^1] with { Change = changes[^1].Change + surplus };
    }
}
