using System.Text;

namespace Sinter.Text.Templates;

/// <summary>What Python's strings do: they are counted and cut in code points, and their white space is not quite .NET's.</summary>
internal static class PythonText
{
    /// <summary>Whether <c>str.isspace</c> says so: .NET's white space and the four separators of files, groups, records and units.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>Whether there is text and all of it is white space.</summary>
    public static bool IsSpace(ReadOnlySpan<char> text) => text.Length > 0 && LeadingSpaces(text) == text.Length;

    /// <summary>The count of white space at the beginning.</summary>
    public static int LeadingSpaces(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && IsSpace(text[count])) count++;
        return count;
    }

    /// <summary>The text without white space at its end.</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[^1])) text = text[..^1];
        return text;
    }

    /// <summary>The text without leading and trailing characters of a set; null is white space.</summary>
    public static string Strip(string text, string? characters, bool start = true, bool end = true)
    {
        int from = 0, to = text.Length;
        while (start && from < to && Is(text[from])) from++;
        while (end && to > from && Is(text[to - 1])) to--;
        return text[from..to];

        bool Is(char c) => characters is null ? IsSpace(c) : characters.Contains(c, StringComparison.Ordinal);
    }

    /// <summary>The count of code points.</summary>
    public static int Length(string text)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++) count += IsSecondHalf(text, i) ? 0 : 1;
        return count;
    }

    /// <summary>The code points, each as a text.</summary>
    public static List<object?> Characters(string text)
    {
        List<object?> characters = new(text.Length);
        for (int i = 0, size; i < text.Length; i += size)
        {
            size = IsSecondHalf(text, i + 1) ? 2 : 1;
            characters.Add(text.Substring(i, size));
        }
        return characters;
    }

    /// <summary>Compares by code points: unlike UTF-16 units, these put characters above U+FFFF last.</summary>
    public static int Compare(string x, string y)
    {
        int i = 0;
        while (i < x.Length && i < y.Length && x[i] == y[i]) i++;
        if (i == x.Length || i == y.Length) return x.Length.CompareTo(y.Length);
        bool xPair = char.IsSurrogate(x[i]), yPair = char.IsSurrogate(y[i]);
        return xPair == yPair ? x[i].CompareTo(y[i]) : xPair ? 1 : -1;
    }

    /// <summary>In capitals; ß becomes two of them.</summary>
    public static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>Capitals small, small letters in capitals.</summary>
    public static string SwapCase(string text) =>
        string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))).Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>First character upper case, the rest lower.</summary>
    public static string Capitalize(string text) => text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>Python's <c>str.title</c>: letters behind anything but a letter become upper case.</summary>
    public static string Title(string text)
    {
        StringBuilder result = new(text.Length);
        bool inWord = false;
        foreach (char c in text)
        {
            result.Append(inWord ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            inWord = char.IsLetter(c);
        }
        return result.ToString();
    }

    private static bool IsSecondHalf(string text, int i) => i > 0 && i < text.Length && char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]);
}
