using System.Globalization;
using System.Text.Json;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.State;

/// <summary>A scalar or a text in <c>trainer.json</c>: <c>{ "integer": 5 }</c>, with <c>unsigned</c>, <c>number</c>, <c>flag</c> or <c>text</c> for
/// the others.</summary>
internal static class StateValue
{
    /// <summary>Writes a value under its kind. JSON has neither infinity nor NaN: such a number is written as the hexadecimal digits of its
    /// bits.</summary>
    public static void Write(Utf8JsonWriter json, string name, object value)
    {
        json.WriteStartObject(name);
        switch (value)
        {
            case long integer:
                json.WriteNumber("integer", integer);
                break;
            case ulong unsigned:
                json.WriteNumber("unsigned", unsigned);
                break;
            case double number when double.IsFinite(number):
                json.WriteFloat("number", number);
                break;
            case double number:
                json.WriteString("number", BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture));
                break;
            case bool flag:
                json.WriteBoolean("flag", flag);
                break;
            default:
                json.WriteString("text", (string)value);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>Reads a value; null if it is not of the form that <see cref="Write"/> gives.</summary>
    public static object? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() != 1)
            return null;
        JsonProperty only = value.EnumerateObject().First();
        return (only.Name, only.Value.ValueKind) switch
        {
            ("integer", JsonValueKind.Number) when only.Value.TryGetInt64(out long integer) => integer,
            ("unsigned", JsonValueKind.Number) when only.Value.TryGetUInt64(out ulong unsigned) => unsigned,
            ("number", JsonValueKind.Number) when only.Value.TryGetDouble(out double number) => number,
            ("number", JsonValueKind.String)
                when ulong.TryParse(only.Value.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
                => BitConverter.UInt64BitsToDouble(bits),
            ("flag", JsonValueKind.True or JsonValueKind.False) => only.Value.GetBoolean(),
            ("text", JsonValueKind.String) => only.Value.GetString(),
            _ => null,
        };
    }
}
