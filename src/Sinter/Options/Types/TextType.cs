using System.Text.Json;

namespace Sinter.Options;

/// <summary>Any text. A plain number is taken as its text; a <c>--set</c> is taken as typed unless it is quoted.</summary>
internal sealed class TextType(Func<string, string?>? check) : OptionType<string>
{
    public override string Expected => "text";

    public override bool TryRead(OptionNode node, out string value, out string error) => TryText(node, out value, out error, Wrong(node));

    public override string? Check(string value) => value is null ? "must not be null" : IllFormed(value) ?? check?.Invoke(value);

    public override OptionNode ToNode(string value) => OptionNode.Quoted(value);

    public override void WriteJson(Utf8JsonWriter json)
    {
        // Binding takes a plain number for its text, and an editor should not mark what binds.
        json.WriteStartArray("type");
        foreach (var type in (string[])["string", "number", "boolean"]) json.WriteStringValue(type);
        json.WriteEndArray();
    }

    internal static bool TryText(OptionNode node, out string value, out string error, string wrong)
    {
        bool scalar = node.Kind == OptionNodeKind.Scalar && !node.IsNull;
        value = scalar ? node.Text : node.Raw ?? "";
        error = node.Kind == OptionNodeKind.Scalar ? $"{wrong}; '' is the empty text" : $"{wrong}; put text with special characters in quotes";
        return scalar || node.Raw is not null;
    }

    /// <summary>Half a surrogate pair has no UTF-8 form: it could not be written back.</summary>
    internal static string? IllFormed(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])) i++;
            else if (char.IsSurrogate(value[i])) return $"holds half a surrogate pair at character {i}";
        }
        return null;
    }
}
