using Sinter.Monitoring;

namespace Sinter.Cli.Shell;

/// <summary>Lines of a name and its value, with the values below each other.</summary>
internal sealed class Fields
{
    private readonly List<(string Name, string Value)> _lines = [];

    /// <summary>Adds a line, unless there is no value.</summary>
    public Fields Add(string name, string? value)
    {
        if (value is not null) _lines.Add((name, value));
        return this;
    }

    /// <summary>Writes them.</summary>
    public void Write(TextWriter output)
    {
        int width = _lines.Count == 0 ? 0 : _lines.Max(l => l.Name.Length);
        foreach (var (name, value) in _lines) output.WriteLine($"{name.PadRight(width)}  {PrintableText.Of(value)}");
    }
}
