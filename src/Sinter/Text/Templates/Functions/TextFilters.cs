using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Filters that make text of text; other values are written first.</summary>
internal static class TextFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Filter> All { get; } = new()
    {
        ["upper"] = Of((text, _) => PythonText.Upper(text)),
        ["lower"] = Of((text, _) => text.ToLowerInvariant()),
        ["capitalize"] = Of((text, _) => PythonText.Capitalize(text)),
        ["title"] = Of((text, _) => Title(text)),
        ["trim"] = Of((text, a) => PythonText.Strip(text, a.Expect("chars").OptionalText(0, "chars"))),
        ["string"] = Of((text, _) => text),
        ["safe"] = Of((text, _) => text),
        ["replace"] = Of((text, a) => Replacing.Replace(text, a.Expect("old", "new", "count").Text(0, "old"), a.Text(1, "new"), a.Get(2, "count") is null ? -1 : a.Integer(2, "count", -1))),
        ["indent"] = (run, value, a) => Of((text, given) => Indent(text, given.Expect("width", "first", "blank")))(run, Value.Defined(value), a),
        ["center"] = Of((text, a) => Replacing.Center(text, a.Expect("width").Integer(0, "width", 80), ' ')),
        ["truncate"] = Of((text, a) => Truncate(text, a.Expect("length", "killwords", "end", "leeway"))),
        ["wordcount"] = (_, value, _) => Words(ValueText.Of(value)),
    };

    private static Filter Of(Func<string, Arguments, string> make) => (run, value, arguments) =>
    {
        string text = make(ValueText.Of(value), arguments);
        run.Charge(text.Length);
        return text;
    };

    // Words begin after white space, hyphens and opening brackets, unlike those of str.title.
    private static string Title(string text)
    {
        char[] result = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < result.Length; i++)
            if (i == 0 || PythonText.IsSpace(result[i - 1]) || "-({[<".Contains(result[i - 1], StringComparison.Ordinal)) result[i] = char.ToUpperInvariant(result[i]);
        return new(result);
    }

    private static string Indent(string text, Arguments arguments)
    {
        string space = arguments.Get(0, "width") is string given ? given : Replacing.Spaces(arguments.Integer(0, "width", 4));
        bool first = arguments.Flag(1, "first"), blank = arguments.Flag(2, "blank");
        // As Jinja2 does it: a line feed at the end is kept, and what a form feed separates are lines too.
        var lines = Replacing.Lines(text + "\n", keepEnds: false);
        return (first ? space : "") + string.Join('\n', lines.Select((line, i) => i == 0 || (line.Length == 0 && !blank) ? line : space + line));
    }

    private static string Truncate(string text, Arguments arguments)
    {
        string end = arguments.Get(2, "end", "...") as string ?? throw new TemplateFault("truncate: 'end' is a text");
        long length = arguments.Integer(0, "length", 255), leeway = arguments.Integer(3, "leeway", 5), kept = length - PythonText.Length(end);
        if (PythonText.Length(text) <= (Int128)length + leeway) return text;
        if (kept < 0) throw new TemplateFault($"truncate: a length of {length} has no room for '{end}'");
        string cut = Replacing.Take(text, kept);
        if (arguments.Flag(1, "killwords")) return cut + end;
        int space = cut.LastIndexOf(' ');
        return (space < 0 ? cut : cut[..space]) + end;
    }

    private static long Words(string text)
    {
        long count = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool isWord = c == '_' || char.IsLetterOrDigit(c);
            if (isWord && !inWord) count++;
            inWord = isWord;
        }
        return count;
    }
}
