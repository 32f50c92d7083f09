using System.Text.Json;
using Sinter.Text.Models;

namespace Sinter.Text.Json;

/// <summary>A JSON value that knows where it stands, so that an error can name the file and the path to the value.</summary>
internal sealed class JsonNodeReader(string file, string path, JsonElement value)
{
    /// <summary>The last part of the path: a member's name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The value as it stands in the file, cut if long.</summary>
    public string Raw => value.GetRawText() is { Length: > 80 } text ? text[..77] + "..." : value.GetRawText();

    /// <summary>The member that must be an object.</summary>
    public JsonNodeReader Object(string member) => Required(member).Expect(JsonValueKind.Object, "an object");

    /// <summary>The member unless it is missing or null.</summary>
    public JsonNodeReader? Optional(string member)
    {
        Expect(JsonValueKind.Object, "an object");
        return value.TryGetProperty(member, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? Child(member, found) : null;
    }

    /// <summary>The member that must be a text, or null if it is missing or null.</summary>
    public string? OptionalString(string member) => Optional(member)?.String();

    /// <summary>The member that must be true or false; false if it is missing or null.</summary>
    public bool Bool(string member, bool missing = false) => Optional(member) switch
    {
        null => missing,
        { } node when node.Kind is JsonValueKind.True or JsonValueKind.False => node.Kind == JsonValueKind.True,
        { } node => throw node.Error($"expected true or false, found {node.Raw}"),
    };

    /// <summary>The items of the member that must be an array; none if it is missing or null.</summary>
    public IEnumerable<JsonNodeReader> Array(string member)
    {
        if (Optional(member) is not { } array) yield break;
        foreach (JsonNodeReader item in array.Items()) yield return item;
    }

    /// <summary>The items of this value, which must be an array.</summary>
    public IEnumerable<JsonNodeReader> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray()) yield return new(file, $"{path}[{index++}]", item);
    }

    /// <summary>The members of this value, which must be an object.</summary>
    public IEnumerable<JsonNodeReader> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        foreach (JsonProperty member in value.EnumerateObject()) yield return Child(member.Name, member.Value);
    }

    /// <summary>This value, which must be a text.</summary>
    public string String() => Expect(JsonValueKind.String, "a text").Value.GetString()!;

    /// <summary>Whether this value is a text.</summary>
    public bool IsString => value.ValueKind == JsonValueKind.String;

    /// <summary>Whether this value is an object.</summary>
    public bool IsObject => value.ValueKind == JsonValueKind.Object;

    /// <summary>Whether this value is an array.</summary>
    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    /// <summary>Whether this value is null.</summary>
    public bool IsNull => value.ValueKind == JsonValueKind.Null;

    /// <summary>This value, which must be a number.</summary>
    public double Number() => Expect(JsonValueKind.Number, "a number").Value.GetDouble();

    /// <summary>This value, which must be a number, as Hugging Face's library reads it.</summary>
    public double Score() => ScoreText.Parse(Expect(JsonValueKind.Number, "a number").Value.GetRawText());

    /// <summary>This value, which must be a whole number in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public int Int(int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
        ? number : throw Error($"expected a whole number from {least} to {most}, found {Raw}");

    /// <summary>An error at this value.</summary>
    public CheckpointException Error(string what) => new($"{file}: {(path.Length == 0 ? "the file" : path)}: {what}");

    /// <summary>An error about a setting of this object that gives ids which this library can't.</summary>
    public CheckpointException Unsupported(string member, string found, string supported) =>
        new($"{file}: {(path.Length == 0 ? "" : path + ".")}{member}: {found} is not supported; {supported}");

    private JsonElement Value => value;

    private JsonValueKind Kind => value.ValueKind;

    private JsonNodeReader Required(string member) => Optional(member) ?? throw Error($"'{member}' is missing");

    private JsonNodeReader Child(string member, JsonElement found) =>
        new(file, path.Length == 0 ? member : $"{path}.{member}", found) { Name = member };

    private JsonNodeReader Expect(JsonValueKind kind, string what) => value.ValueKind == kind ? this : throw Error($"expected {what}, found {Raw}");
}
