namespace Sinter.Data;

/// <summary>Counts characters as Unicode code points, which is what a split counts.</summary>
internal static class CodePoints
{
    /// <summary>The number of code points of well-formed text.</summary>
    public static long Count(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF')) return text.Length;
        long count = 0;
        foreach (char c in text) count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }

    /// <summary>The UTF-16 index of the code point number <paramref name="count"/>.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, long count)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF')) return (int)Math.Min(count, text.Length);
        int index = 0;
        for (; index < text.Length && (count > 0 || char.IsLowSurrogate(text[index])); index++) count -= char.IsLowSurrogate(text[index]) ? 0 : 1;
        return index;
    }
}
