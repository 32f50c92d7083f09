using System.Text.Json;

namespace Sinter.Options;

/// <summary>Any number of values of one type, written as a list; one may stand without the brackets.</summary>
internal sealed class ListType<TValue>(OptionType<TValue> item, string items) : OptionType<IReadOnlyList<TValue>>
{
    public override string Expected => $"a list of {items}";
    public override string Range => item.Range.Length == 0 ? "" : $"each {item.Range}";

    public override bool TryRead(OptionNode node, out IReadOnlyList<TValue> value, out string error)
    {
        var values = new List<TValue>();
        value = values;
        error = "";
        if (node.IsNull || node.Kind == OptionNodeKind.Map)
        {
            error = Wrong(node);
            return false;
        }
        foreach (var each in node.Kind == OptionNodeKind.List ? node.Items : [node])
        {
            if (!item.TryRead(each, out var one, out error)) return false;
            values.Add(one);
        }
        return true;
    }

    public override string? Check(IReadOnlyList<TValue> value) =>
        value is null ? "must not be null" : value.Select(item.Check).FirstOrDefault(e => e is not null);

    public override OptionNode ToNode(IReadOnlyList<TValue> value) => OptionNode.List([.. value.Select(item.ToNode)]);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        item.WriteJson(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject();
        item.WriteJson(json);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
