using System.Text.Json;

namespace Sinter.Options;

/// <summary>One of a few names.</summary>
internal sealed class ChoiceType(IReadOnlyList<string> names) : OptionType<string>
{
    public override string Expected => List(names);

    public override bool TryRead(OptionNode node, out string value, out string error)
    {
        value = node.Text;
        error = Wrong(node);
        if (node.Kind != OptionNodeKind.Scalar || node.IsNull) return false;
        error = Unknown(value);
        return names.Contains(value);
    }

    public override string? Check(string value) => value is null ? "must not be null" : names.Contains(value) ? null : Unknown(value);

    public override OptionNode ToNode(string value) => OptionNode.Quoted(value);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum");
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    /// <summary>Names in a row: <c>a, b or c</c>.</summary>
    internal static string List(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1];

    private string Unknown(string value) =>
        $"expected {Expected}, not {OptionNode.Quote(value)}" + (Suggestion.Nearest(value, names) is { } near ? $"; did you mean {near}?" : "");
}
