using System.Text.Json;

namespace Sinter.Options;

/// <summary>Two numbers in a range, written as a list: <c>[0.9, 0.99]</c>.</summary>
internal sealed class PairType(NumberRange range) : OptionType<(double First, double Second)>
{
    private readonly NumberType number = new(range);

    public override string Expected => "a list of two numbers";
    public override string Range => number.Range.Length == 0 ? "" : $"each {number.Range}";

    public override bool TryRead(OptionNode node, out (double First, double Second) value, out string error)
    {
        value = default;
        error = node.Kind == OptionNodeKind.List ? $"expected {Expected}, not of {node.Items.Count}" : Wrong(node);
        if (node.Kind != OptionNodeKind.List || node.Items.Count != 2) return false;
        bool read = number.TryRead(node.Items[0], out double first, out error);
        if (read) read = number.TryRead(node.Items[1], out value.Second, out error);
        value.First = first;
        return read;
    }

    public override string? Check((double First, double Second) value) => number.Check(value.First) ?? number.Check(value.Second);

    public override OptionNode ToNode((double First, double Second) value) =>
        OptionNode.List([number.ToNode(value.First), number.ToNode(value.Second)]);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        number.WriteJson(json);
        json.WriteEndObject();
        json.WriteNumber("minItems", 2);
        json.WriteNumber("maxItems", 2);
    }
}
