using System.Text.Json;

namespace Sinter.Options;

/// <summary>Writes values as JSON.</summary>
internal static class OptionJson
{
    public static void Write(OptionNode node, Utf8JsonWriter json)
    {
        switch (node.Kind)
        {
            case OptionNodeKind.Map:
                json.WriteStartObject();
                foreach (var entry in node.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(entry.Value, json);
                }
                json.WriteEndObject();
                break;
            case OptionNodeKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items) Write(item, json);
                json.WriteEndArray();
                break;
            case var _ when node.IsPlain:
                json.WriteRawValue(node.Text);
                break;
            default:
                json.WriteStringValue(node.Text);
                break;
        }
    }
}
