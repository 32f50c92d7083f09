using System.Buffers;
using System.Text;

namespace Sinter.Text.Templates.Functions;

/// <summary>Parts of texts, replaced, cut and filled up.</summary>
internal static class Replacing
{
    private const int LongestText = 1 << 25;
    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");

    /// <summary>Replaces a part, so many times at most; below 0 always.</summary>
    public static string Replace(string text, string old, string with, long count)
    {
        if (count == 0) return text;
        if (old.Length == 0) return Between(text, with, count);
        StringBuilder result = new();
        int from = 0;
        for (int at = text.IndexOf(old, StringComparison.Ordinal); at >= 0 && count != 0; at = text.IndexOf(old, from, StringComparison.Ordinal), count--)
        {
            result.Append(text, from, at - from).Append(with);
            RequireShort(result.Length);
            from = at + old.Length;
        }
        return result.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>So many spaces.</summary>
    public static string Spaces(long count)
    {
        RequireShort(count);
        return new(' ', (int)Math.Max(0, count));
    }

    /// <summary>The first code points of a text.</summary>
    public static string Take(string text, long count) => count >= text.Length ? text : string.Concat(PythonText.Characters(text).Take((int)Math.Max(0, count)));

    /// <summary>The text in the middle of a width, as <c>str.center</c> puts it.</summary>
    public static string Center(string text, long width, char fill)
    {
        long room = width - PythonText.Length(text);
        if (room <= 0) return text;
        RequireShort(room);
        long left = room / 2 + (room & width & 1);
        return new string(fill, (int)left) + text + new string(fill, (int)(room - left));
    }

    /// <summary>The text at the beginning or end of a width.</summary>
    public static string Pad(string text, long width, char fill, bool atEnd)
    {
        long room = width - PythonText.Length(text);
        if (room <= 0) return text;
        RequireShort(room);
        string space = new(fill, (int)room);
        return atEnd ? text + space : space + text;
    }

    /// <summary>The lines of a text, as <c>str.splitlines</c> finds them.</summary>
    public static List<string> Lines(string text, bool keepEnds)
    {
        List<string> lines = [];
        for (int from = 0; from < text.Length;)
        {
            int end = text.AsSpan(from).IndexOfAny(s_lineEnds);
            end = end < 0 ? text.Length : from + end;
            int next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(text[from..(keepEnds ? next : end)]);
            from = next;
        }
        return lines;
    }

    private static string Between(string text, string with, long count)
    {
        StringBuilder result = new();
        foreach (string character in PythonText.Characters(text).Cast<string>())
        {
            if (count-- != 0) result.Append(with);
            else count = 0;
            result.Append(character);
            RequireShort(result.Length);
        }
        if (count != 0) result.Append(with);
        return result.ToString();
    }

    private static void RequireShort(long length)
    {
        if (length > LongestText) throw new TemplateFault($"the template makes more than {LongestText} characters");
    }
}
