using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Sinter.Options;

/// <summary>A whole number between two bounds; <c>2e3</c> is one too.</summary>
internal sealed class IntegerType<TValue>(long min, long max) : OptionType<TValue> where TValue : struct, IBinaryInteger<TValue>, IMinMaxValue<TValue>
{
    private readonly TValue least = TValue.CreateSaturating(min);
    private readonly TValue most = max == long.MaxValue ? TValue.MaxValue : TValue.CreateSaturating(max);

    public override string Expected => "an integer";

    public override string Range => (least == TValue.MinValue && !TValue.IsZero(least), most == TValue.MaxValue) switch
    {
        (true, true) => "",
        (false, true) => $"at least {least}",
        (true, false) => $"at most {most}",
        _ when least == most => $"{least}",
        _ => $"from {least} to {most}",
    };

    public override bool TryRead(OptionNode node, out TValue value, out string error)
    {
        value = default;
        error = Wrong(node);
        if (node.Kind != OptionNodeKind.Scalar || !node.IsPlain) return false;
        if (!NumberText.TryInteger(node.Text, out Int128 wide))
        {
            error += NumberText.Hint(node.Text);
            return false;
        }
        value = TValue.CreateSaturating(wide);
        error = OutOfRange(node.Text);
        return Int128.CreateChecked(value) == wide;
    }

    public override string? Check(TValue value) =>
        value >= least && value <= most ? null : OutOfRange(value.ToString(null, CultureInfo.InvariantCulture));

    public override OptionNode ToNode(TValue value) => OptionNode.Plain(value.ToString(null, CultureInfo.InvariantCulture));

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("type", "integer");
        if (least != TValue.MinValue || TValue.IsZero(least)) json.WriteNumber("minimum", long.CreateChecked(least));
        if (most != TValue.MaxValue) json.WriteNumber("maximum", long.CreateChecked(most));
    }

    // The type's own bounds are named only when they are what was passed.
    private string OutOfRange(string text)
    {
        string range = Range.Length > 0 && (NumberText.TryInteger(text, out Int128 v) && v < Int128.CreateChecked(least) || most != TValue.MaxValue)
            ? Range : $"from {least} to {most}";
        return $"must be {range}, not {(text.Length > 40 ? text[..40] + "…" : text)}";
    }
}
