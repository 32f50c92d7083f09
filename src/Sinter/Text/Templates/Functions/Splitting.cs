using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Texts cut as Python's <c>split</c> and its like cut them.</summary>
internal static class Splitting
{
    /// <summary>The parts between separators; null separates at white space and gives no empty parts.</summary>
    public static List<object?> Split(string text, string? separator, long most)
    {
        if (separator is null) return Words(text, most);
        RequireSeparator(separator);
        List<object?> parts = [];
        int from = 0;
        for (int at = text.IndexOf(separator, StringComparison.Ordinal); at >= 0 && most != 0; at = text.IndexOf(separator, from, StringComparison.Ordinal), most--)
        {
            parts.Add(text[from..at]);
            from = at + separator.Length;
        }
        parts.Add(text[from..]);
        return parts;
    }

    /// <summary>As <see cref="Split"/>, from the end on.</summary>
    public static List<object?> SplitFromEnd(string text, string? separator, long most)
    {
        if (separator is null) return WordsFromEnd(text, most);
        RequireSeparator(separator);
        List<object?> parts = [];
        int end = text.Length;
        for (; most != 0; most--)
        {
            int at = text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal);
            if (at < 0) break;
            parts.Add(text[(at + separator.Length)..end]);
            end = at;
        }
        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>What stands before a place, the separator there, and what stands behind; at −1 there is none.</summary>
    public static TemplateTuple Partition(string text, string separator, int at, bool fromEnd)
    {
        RequireSeparator(separator);
        return at >= 0 ? new([text[..at], separator, text[(at + separator.Length)..]]) : fromEnd ? new(["", "", text]) : new([text, "", ""]);
    }

    /// <summary>How often a part stands in the text, without overlaps.</summary>
    public static long Count(string text, string part) => part.Length == 0 ? PythonText.Length(text) + 1 : text.AsSpan().Count(part);

    private static List<object?> Words(string text, long most)
    {
        List<object?> words = [];
        for (int at = PythonText.LeadingSpaces(text); at < text.Length; at += PythonText.LeadingSpaces(text.AsSpan(at)))
        {
            int end = at;
            if (most-- == 0) end = text.Length;
            else while (end < text.Length && !PythonText.IsSpace(text[end])) end++;
            words.Add(text[at..end]);
            at = end;
        }
        return words;
    }

    private static List<object?> WordsFromEnd(string text, long most)
    {
        List<object?> words = [];
        for (int end = PythonText.TrimEnd(text).Length; end > 0; end = PythonText.TrimEnd(text.AsSpan(0, end)).Length)
        {
            int at = end;
            if (most-- == 0) at = 0;
            else while (at > 0 && !PythonText.IsSpace(text[at - 1])) at--;
            words.Add(text[at..end]);
            end = at;
        }
        words.Reverse();
        return words;
    }

    private static void RequireSeparator(string separator)
    {
        if (separator.Length == 0) throw new TemplateFault("a text can't be cut at an empty separator");
    }
}
