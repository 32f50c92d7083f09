using System.Text.Json;

namespace Sinter.Options;

/// <summary>A word, a mapping of names to numbers above 0, or null: <c>balanced</c>, <c>{ spam: 5, ham: 1 }</c>.</summary>
internal sealed class WordOrNumbersType<TValue>(string word, TValue ofWord, Func<IReadOnlyList<KeyValuePair<string, double>>, TValue> ofNumbers,
    Func<TValue, IReadOnlyList<KeyValuePair<string, double>>> numbersOf) : OptionType<TValue?> where TValue : class
{
    private readonly NumberType number = new(NumberRange.Positive);

    public override string Expected => $"{word}, a mapping of names to numbers, or null";

    public override bool TryRead(OptionNode node, out TValue? value, out string error)
    {
        value = null;
        error = "";
        if (node.IsNull) return true;
        if (node.Kind == OptionNodeKind.Scalar && node.Text == word)
        {
            value = ofWord;
            return true;
        }
        error = Wrong(node);
        if (node.Kind != OptionNodeKind.Map || node.Entries.Count == 0) return false;
        var numbers = new List<KeyValuePair<string, double>>();
        foreach (var entry in node.Entries)
        {
            if (!number.TryRead(entry.Value, out double read, out string wrong) || number.Check(read) is { } bad && (wrong = bad).Length > 0)
            {
                error = $"{entry.Key}: {wrong}";
                return false;
            }
            numbers.Add(new(entry.Key, read));
        }
        value = ofNumbers(numbers);
        return true;
    }

    public override string? Check(TValue? value) =>
        value is null ? null : numbersOf(value).Where(n => number.Check(n.Value) is not null).Select(n => $"{n.Key}: {number.Check(n.Value)}").FirstOrDefault();

    public override OptionNode ToNode(TValue? value) => value is null ? OptionNode.Null
        : ReferenceEquals(value, ofWord) ? OptionNode.Plain(word)
        : OptionNode.Map([.. numbersOf(value).Select(n => new OptionEntry(n.Key, default, number.ToNode(n.Value)))]);

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteStartArray("enum");
        json.WriteStringValue(word);
        json.WriteNullValue();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartObject("additionalProperties");
        number.WriteJson(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
