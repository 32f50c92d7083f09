using System.Globalization;
using Sinter.Text.Characters;
using Sinter.Text.Json;

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
            int length = StringInfo.GetNextTextElementLength(rest);
            modified |= Grapheme(rest[..length], changes);
            rest = rest[length..];
        }
        if (modified) text.Transform(changes);
    }

    private bool Grapheme(ReadOnlySpan<char> grapheme, List<TextChange> changes)
    {
        if (grapheme.Length <= LongestGrapheme && System.Text.Encoding.UTF8.GetByteCount(grapheme) <= LongestGrapheme && map.Find(grapheme) is { } whole)
        {
            Replace(grapheme, whole, changes);
            return true;
        }
        bool modified = false;
        for (int i = 0; i < grapheme.Length;)
        {
            int codePoint = CodePoints.At(grapheme, i, out int length);
            if (map.Find(grapheme.Slice(i, length)) is { } part)
            {
                Replace(grapheme.Slice(i, length), part, changes);
                modified = true;
            }
            else changes.Add(new(codePoint, 0));
            i += length;
        }
        return modified;
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
