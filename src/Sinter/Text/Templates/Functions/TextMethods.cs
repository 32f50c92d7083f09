using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Methods of texts.</summary>
internal static class TextMethods
{
    private static readonly Dictionary<string, Func<string, Arguments, object?>> s_all = new(StringComparer.Ordinal)
    {
        ["upper"] = (text, _) => PythonText.Upper(text),
        ["lower"] = (text, _) => text.ToLowerInvariant(),
        ["casefold"] = (text, _) => text.ToLowerInvariant(),
        ["capitalize"] = (text, _) => PythonText.Capitalize(text),
        ["title"] = (text, _) => PythonText.Title(text),
        ["swapcase"] = (text, _) => PythonText.SwapCase(text),
        ["strip"] = (text, a) => PythonText.Strip(text, a.Expect("chars").OptionalText(0, "chars")),
        ["lstrip"] = (text, a) => PythonText.Strip(text, a.Expect("chars").OptionalText(0, "chars"), end: false),
        ["rstrip"] = (text, a) => PythonText.Strip(text, a.Expect("chars").OptionalText(0, "chars"), start: false),
        ["removeprefix"] = (text, a) => text.StartsWith(a.Text(0, "prefix"), StringComparison.Ordinal) ? text[a.Text(0, "prefix").Length..] : text,
        ["removesuffix"] = (text, a) => text.EndsWith(a.Text(0, "suffix"), StringComparison.Ordinal) ? text[..^a.Text(0, "suffix").Length] : text,
        ["startswith"] = (text, a) => Any(a, part => text.StartsWith(part, StringComparison.Ordinal)),
        ["endswith"] = (text, a) => Any(a, part => text.EndsWith(part, StringComparison.Ordinal)),
        ["replace"] = (text, a) => Replacing.Replace(text, a.Expect("old", "new", "count").Text(0, "old"), a.Text(1, "new"), a.Integer(2, "count", -1)),
        ["split"] = (text, a) => Splitting.Split(text, a.Expect("sep", "maxsplit").OptionalText(0, "sep"), a.Integer(1, "maxsplit", -1)),
        ["rsplit"] = (text, a) => Splitting.SplitFromEnd(text, a.Expect("sep", "maxsplit").OptionalText(0, "sep"), a.Integer(1, "maxsplit", -1)),
        ["splitlines"] = (text, a) => new List<object?>(Replacing.Lines(text, a.Expect("keepends").Flag(0, "keepends"))),
        ["partition"] = (text, a) => Splitting.Partition(text, a.Text(0, "sep"), text.IndexOf(a.Text(0, "sep"), StringComparison.Ordinal), fromEnd: false),
        ["rpartition"] = (text, a) => Splitting.Partition(text, a.Text(0, "sep"), text.LastIndexOf(a.Text(0, "sep"), StringComparison.Ordinal), fromEnd: true),
        ["join"] = (text, a) => string.Join(text, Value.Items(a.Required(0, "items")).Select(i => i as string ?? throw new TemplateFault($"join takes texts, not a {Value.TypeName(i)}"))),
        ["find"] = (text, a) => Place(text, text.IndexOf(a.Expect("part").Text(0, "part"), StringComparison.Ordinal)),
        ["rfind"] = (text, a) => Place(text, text.LastIndexOf(a.Expect("part").Text(0, "part"), StringComparison.Ordinal)),
        ["index"] = (text, a) => Place(text, text.IndexOf(a.Expect("part").Text(0, "part"), StringComparison.Ordinal)) is var at and >= 0 ? at : throw new TemplateFault("the text has no such part"),
        ["count"] = (text, a) => Splitting.Count(text, a.Expect("part").Text(0, "part")),
        ["zfill"] = (text, a) => text is ['+' or '-', ..] ? text[..1] + Replacing.Pad(text[1..], a.Integer(0, "width", 0) - 1, '0', atEnd: false)
            : Replacing.Pad(text, a.Integer(0, "width", 0), '0', atEnd: false),
        ["ljust"] = (text, a) => Replacing.Pad(text, a.Integer(0, "width", 0), Fill(a), atEnd: true),
        ["rjust"] = (text, a) => Replacing.Pad(text, a.Integer(0, "width", 0), Fill(a), atEnd: false),
        ["center"] = (text, a) => Replacing.Center(text, a.Integer(0, "width", 0), Fill(a)),
        ["isspace"] = (text, _) => PythonText.IsSpace(text),
        ["isalpha"] = (text, _) => text.Length > 0 && text.All(char.IsLetter),
        ["isdigit"] = (text, _) => text.Length > 0 && text.All(char.IsDigit),
        ["isdecimal"] = (text, _) => text.Length > 0 && text.All(char.IsDigit),
        ["isnumeric"] = (text, _) => text.Length > 0 && text.All(char.IsNumber),
        ["isalnum"] = (text, _) => text.Length > 0 && text.All(c => char.IsLetter(c) || char.IsNumber(c)),
        ["isupper"] = (text, _) => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["islower"] = (text, _) => text.Any(char.IsLower) && !text.Any(char.IsUpper),
    };

    /// <summary>A method of a text; null where there is none of this name.</summary>
    public static Callable? Find(string text, string name) => !s_all.TryGetValue(name, out var method)
        ? name is "format" or "format_map" or "encode" or "translate" or "maketrans" ? throw new TemplateFault($"the method '{name}' is not supported; join texts with '~'") : null
        : new(name, (run, arguments) =>
        {
            object? result = method(text, arguments);
            run.Charge(result switch { string made => made.Length, List<object?> list => list.Count + text.Length, _ => 0 });
            return result;
        });

    private static bool Any(Arguments arguments, Func<string, bool> holds) => arguments.Required(0, "part") switch
    {
        string part => holds(part),
        TemplateTuple parts => parts.Exists(part => holds(part as string ?? throw new TemplateFault("a part of a text is a text"))),
        var other => throw new TemplateFault($"a part of a text is a text, not a {Value.TypeName(other)}"),
    };

    private static long Place(string text, int at) => at < 0 ? -1 : PythonText.Length(text[..at]);

    private static char Fill(Arguments arguments) => arguments.OptionalText(1, "fillchar") switch
    {
        null => ' ',
        [var c] => c,
        _ => throw new TemplateFault("a text is filled up with one character"),
    };
}
