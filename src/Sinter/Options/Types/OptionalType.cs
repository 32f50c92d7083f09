using System.Text.Json;

namespace Sinter.Options;

/// <summary>A value that may be null.</summary>
internal sealed class OptionalType<TValue> : OptionType<TValue?> where TValue : struct
{
    private readonly OptionType<TValue> inner;

    public OptionalType(OptionType<TValue> inner)
    {
        this.inner = inner;
        inner.MayBeNull = true;
    }

    public override string Expected => $"{inner.Expected} or null";
    public override string Range => inner.Range;

    public override bool TryRead(OptionNode node, out TValue? value, out string error)
    {
        value = null;
        error = "";
        if (node.IsNull) return true;
        if (!inner.TryRead(node, out var read, out error)) return false;
        value = read;
        return true;
    }

    public override string? Check(TValue? value) => value is { } v ? inner.Check(v) : null;

    public override OptionNode ToNode(TValue? value) => value is { } v ? inner.ToNode(v) : OptionNode.Null;

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        inner.WriteJson(json);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "null");
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
