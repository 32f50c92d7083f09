namespace Sinter.Text.Templates;

/// <summary>The text of a template, with line feeds between lines and none at the end, as Jinja2 reads it.</summary>
internal sealed class TemplateSource
{
    /// <summary>The longest template, in UTF-16 units.</summary>
    public const int Longest = 1 << 20;

    /// <summary>Takes the text of a file.</summary>
    /// <exception cref="TemplateException">It is too long.</exception>
    public TemplateSource(string text, string name)
    {
        Name = name;
        if (text.Length > Longest) throw new TemplateException(name, 1, 1, $"the template has {text.Length} characters; at most {Longest} are read");
        Text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (Text.EndsWith('\n')) Text = Text[..^1];
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>An error at a place of the text.</summary>
    public TemplateException Error(int at, string what)
    {
        var before = Text.AsSpan(0, Math.Min(at, Text.Length));
        return new(Name, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), what);
    }
}
