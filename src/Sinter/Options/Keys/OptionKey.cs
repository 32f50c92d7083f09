using System.Text.Json;

namespace Sinter.Options;

/// <summary>One key of an options class.</summary>
internal abstract class OptionKey<T>(string name, string description)
{
    public string Name { get; } = name;
    public string Description { get; } = description;

    /// <summary>Whether a recipe must have the key.</summary>
    public virtual bool IsRequired => false;

    /// <summary>Reads a value into <paramref name="options"/>, or reports why not.</summary>
    public abstract void Bind(T options, OptionNode node, string path, OptionReport report);

    /// <summary>Reports what is required and not there when the recipe lacks the key.</summary>
    public virtual void Absent(T options, string path, OptionReport report)
    {
        if (IsRequired) report.Missing(path, $"missing; it takes {char.ToLowerInvariant(Description[0])}{Description[1..].TrimEnd('.')}");
    }

    /// <summary>Reports what is wrong with the value that <paramref name="options"/> holds.</summary>
    public abstract void Check(T options, string path, OptionReport report);

    /// <summary>The value as it will be written, or null to leave the key out.</summary>
    public abstract OptionNode? ToNode(T options);

    /// <summary>Writes the members of the value's JSON schema into an open object; defaults are those of <paramref name="defaults"/>.</summary>
    public abstract void WriteJson(T defaults, Utf8JsonWriter json);

    /// <summary>Adds the key, and those below it, to <paramref name="rows"/>.</summary>
    public abstract void Describe(T defaults, string path, List<OptionDescription> rows);
}
