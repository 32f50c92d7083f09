using System.Text.Json;

namespace Sinter.Options;

/// <summary>A text that may be null; <paramref name="resolve"/> turns (text, the folder it was written in) into what is kept.</summary>
internal sealed class OptionalTextType(Func<string, string, string>? resolve) : OptionType<string?>
{
    public override string Expected => "text or null";

    public override bool TryRead(OptionNode node, out string? value, out string error)
    {
        value = null;
        error = "";
        if (node.IsNull) return true;
        if (!TextType.TryText(node, out string text, out error, Wrong(node))) return false;
        value = resolve is null || string.IsNullOrWhiteSpace(text) ? text : resolve(text, node.Mark.Folder);
        return true;
    }

    public override string? Check(string? value) => value is null ? null : string.IsNullOrWhiteSpace(value) ? "must not be empty" : TextType.IllFormed(value);

    public override OptionNode ToNode(string? value) => value is null ? OptionNode.Null : OptionNode.Quoted(value);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("type");
        foreach (var type in (string[])["string", "number", "boolean", "null"]) json.WriteStringValue(type);
        json.WriteEndArray();
    }
}
