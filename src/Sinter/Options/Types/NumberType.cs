using System.Text.Json;

namespace Sinter.Options;

/// <summary>A finite number in a range.</summary>
internal sealed class NumberType(NumberRange range) : OptionType<double>
{
    public override string Expected => "a number";
    public override string Range => range == NumberRange.Any ? "" : range.ToString();

    public override bool TryRead(OptionNode node, out double value, out string error)
    {
        value = 0;
        error = Wrong(node);
        if (node.Kind != OptionNodeKind.Scalar || !node.IsPlain) return false;
        if (NumberText.TryNumber(node.Text, out value)) return true;
        error += NumberText.Hint(node.Text);
        return false;
    }

    public override string? Check(double value) => range.Contains(value) ? null : $"must be {range}, not {NumberText.Format(value)}";

    public override OptionNode ToNode(double value) => OptionNode.Plain(NumberText.Format(value));

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("type", "number");
        range.WriteJson(json);
    }
}
