namespace Sinter.Text.Characters;

/// <summary>Walks through UTF-16 text by code point.</summary>
internal static class CodePoints
{
    /// <summary>The code point at an index, and the number of UTF-16 units that it takes. An unpaired surrogate is U+FFFD.</summary>
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (!char.IsSurrogate(c)) return c;
        if (!char.IsHighSurrogate(c) || index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1])) return 0xFFFD;
        length = 2;
        return char.ConvertToUtf32(c, text[index + 1]);
    }

    /// <summary>The code point that ends before an index, which is more than 0.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int length) =>
        At(text, index > 1 && char.IsLowSurrogate(text[index - 1]) && char.IsHighSurrogate(text[index - 2]) ? index - 2 : index - 1, out length);

    /// <summary>The number of code points.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            At(text, i, out int length);
            i += length;
        }
        return count;
    }

    /// <summary>The bytes that a code point takes in UTF-8.</summary>
    public static int Utf8Length(int codePoint) => codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

    /// <summary>The text with U+FFFD for each unpaired surrogate; the text itself if there is none.</summary>
    public static ReadOnlySpan<char> WellFormed(ReadOnlySpan<char> text)
    {
        char[]? copy = null;
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length;)
        {
            int codePoint = At(text, i, out int length);
            if (codePoint == 0xFFFD && char.IsSurrogate(text[i])) (copy ??= text.ToArray())[i] = '\uFFFD';
            i += length;
        }
        return copy ?? text;
    }
}
