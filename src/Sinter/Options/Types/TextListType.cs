using System.Text.Json;

namespace Sinter.Options;

/// <summary>
/// One text or a list of them, at least one unless it is <paramref name="optional"/>; <paramref name="resolve"/> turns (text, the folder it was written in) into what is
/// kept.
/// </summary>
internal sealed class TextListType(Func<string, string, string>? resolve, bool optional = false) : OptionType<IReadOnlyList<string>>
{
    public override string Expected => "text or a list of texts";

    public override bool TryRead(OptionNode node, out IReadOnlyList<string> value, out string error)
    {
        var texts = new List<string>();
        value = texts;
        error = "";
        if (optional && node.IsNull) return true;
        foreach (var item in node.Kind == OptionNodeKind.List ? node.Items : [node])
        {
            if (!TextType.TryText(item, out string text, out error, Wrong(item))) return false;
            texts.Add(resolve is null || string.IsNullOrWhiteSpace(text) ? text : resolve(text, item.Mark.Folder));
        }
        return true;
    }

    public override string? Check(IReadOnlyList<string> value)
    {
        if (value is null || (value.Count == 0 && !optional)) return "must name at least one";
        if (value.Any(string.IsNullOrWhiteSpace)) return "holds an empty text";
        return value.Select(TextType.IllFormed).FirstOrDefault(e => e is not null);
    }

    public override OptionNode ToNode(IReadOnlyList<string> value) => OptionNode.List([.. value.Select(v => OptionNode.Quoted(v))]);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        json.WriteString("type", "string");
        json.WriteEndObject();
        if (!optional) json.WriteNumber("minItems", 1);
        json.WriteEndObject();
        if (optional)
        {
            json.WriteStartObject();
            json.WriteString("type", "null");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
