using System.Text.Json;

namespace Sinter.Options;

/// <summary>How a value of one type is read, checked, written and described.</summary>
internal abstract class OptionType<TValue>
{
    /// <summary>What is expected, for messages and help: <c>an integer</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether null is a value too.</summary>
    public bool MayBeNull { get; set; }

    /// <summary>The allowed values in words for help, or empty.</summary>
    public virtual string Range => "";

    /// <summary>Reads a value; on failure says why.</summary>
    public abstract bool TryRead(OptionNode node, out TValue value, out string error);

    /// <summary>What is wrong with a value of the right type, or null.</summary>
    public virtual string? Check(TValue value) => null;

    /// <summary>The value as it will be written.</summary>
    public abstract OptionNode ToNode(TValue value);

    /// <summary>Writes the members of the value's JSON schema into an open object.</summary>
    public abstract void WriteJson(Utf8JsonWriter json);

    /// <summary>The message for a value of the wrong type.</summary>
    protected string Wrong(OptionNode node) => node.Kind == OptionNodeKind.Scalar && node.Text.Length == 0 && node.IsPlain
        ? $"has no value; expected {Expected}" : $"expected {Expected}{(MayBeNull ? " or null" : "")}, not {node.Show()}";
}
