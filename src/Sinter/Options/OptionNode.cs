namespace Sinter.Options;

/// <summary>The three shapes of a value.</summary>
internal enum OptionNodeKind
{
    /// <summary>One text, number, truth value or null.</summary>
    Scalar,
    /// <summary>A list.</summary>
    List,
    /// <summary>Keys with values.</summary>
    Map,
}

/// <summary>One key of a map with its value.</summary>
internal sealed record OptionEntry(string Key, OptionMark KeyMark, OptionNode Value);

/// <summary>
/// A value as written, before it is bound, or as it will be written. Immutable: aliases share nodes, and an override makes new ones along its path.
/// </summary>
internal sealed class OptionNode
{
    private OptionNode(OptionNodeKind kind, OptionMark mark) => (Kind, Mark) = (kind, mark);

    public OptionNodeKind Kind { get; }
    public OptionMark Mark { get; private init; }

    /// <summary>A scalar's text.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Whether a scalar stands without quotes, so that it may be a number, a truth value or null.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>The value of a <c>--set</c> exactly as typed: a text key prefers it to what YAML made of it.</summary>
    public string? Raw { get; private init; }

    public IReadOnlyList<OptionNode> Items { get; private init; } = [];
    public IReadOnlyList<OptionEntry> Entries { get; private init; } = [];

    /// <summary>The plain form that a map replaced when <c>--set a.b=c</c> reached inside <c>a: plain</c>.</summary>
    public OptionNode? Shorthand { get; private init; }

    public bool IsNull => Kind == OptionNodeKind.Scalar && IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");

    public static OptionNode Plain(string text, OptionMark mark = default) => new(OptionNodeKind.Scalar, mark) { Text = text, IsPlain = true };
    public static OptionNode Quoted(string text, OptionMark mark = default) => new(OptionNodeKind.Scalar, mark) { Text = text };
    public static OptionNode Null { get; } = Plain("null");
    public static OptionNode List(IReadOnlyList<OptionNode> items, OptionMark mark = default) => new(OptionNodeKind.List, mark) { Items = items };

    public static OptionNode Map(IReadOnlyList<OptionEntry> entries, OptionMark mark = default, OptionNode? shorthand = null) =>
        new(OptionNodeKind.Map, mark) { Entries = entries, Shorthand = shorthand };

    /// <summary>The first value of <paramref name="key"/> in a map, or null.</summary>
    public OptionEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    /// <summary>The same value, standing elsewhere.</summary>
    public OptionNode At(OptionMark mark, string? raw = null) =>
        new(Kind, mark) { Text = Text, IsPlain = IsPlain, Items = Items, Entries = Entries, Shorthand = Shorthand, Raw = raw };

    /// <summary>The value for an error message: quoted, on one line, cut when long.</summary>
    public string Show() => Kind switch
    {
        OptionNodeKind.Map => "a mapping",
        OptionNodeKind.List => "a list",
        _ when IsNull => Text.Length == 0 ? "nothing" : "null",
        _ => Quote(Text),
    };

    /// <summary>Text for an error message: in quotes, on one line, without control characters, cut when long.</summary>
    public static string Quote(string text)
    {
        const int most = 60;
        var clean = string.Concat(text.Take(most).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '\uFFFD' : c));
        return $"'{clean}{(text.Length > most ? "…" : "")}'";
    }
}
