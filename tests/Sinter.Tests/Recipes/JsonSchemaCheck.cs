using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sinter.Tests.Recipes;

/// <summary>
/// Checks a value against the part of JSON Schema draft 7 that the recipe's schema uses; a keyword outside that part is an
/// exception.
/// </summary>
internal static class JsonSchemaCheck
{
    public static IReadOnlyList<string> Errors(JsonElement schema, JsonNode? value, string path = "$", JsonElement? root = null)
    {
        var errors = new List<string>();
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Fails(keyword, schema, value, path, errors, root ?? schema)) errors.Add($"{path}: {value?.ToJsonString() ?? "null"} fails {keyword.Name}");
        }
        return errors;
    }

    private static bool Fails(JsonProperty keyword, JsonElement schema, JsonNode? value, string path, List<string> errors,
        JsonElement root)
    {
        var want = keyword.Value;
        var map = value as JsonObject;
        var list = value as JsonArray;
        double? number = value is JsonValue && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), null) : null;
        switch (keyword.Name)
        {
            case "$schema" or "title" or "description" or "default" or "definitions": return false;
            case "$ref": return Errors(root.GetProperty("definitions").GetProperty(want.GetString()!["#/definitions/".Length..]), value, path, root).Count > 0;
            case "type": return !(want.ValueKind == JsonValueKind.Array ? want.EnumerateArray().Select(t => t.GetString())
                : [want.GetString()]).Any(t => IsA(t!, value));
            case "enum": return !want.EnumerateArray().Any(e => Same(e, value));
            case "const": return !Same(want, value);
            case "minimum": return number < want.GetDouble();
            case "maximum": return number > want.GetDouble();
            case "exclusiveMinimum": return number <= want.GetDouble();
            case "exclusiveMaximum": return number >= want.GetDouble();
            case "minItems": return list?.Count < want.GetInt32();
            case "maxItems": return list?.Count > want.GetInt32();
            case "anyOf": return !want.EnumerateArray().Any(s => Errors(s, value, path, root).Count == 0);
            case "required": return map is not null && want.EnumerateArray().Any(k => !map.ContainsKey(k.GetString()!));
            case "additionalProperties": return !want.GetBoolean() && map is not null && map.Any(p =>
                !schema.GetProperty("properties").TryGetProperty(p.Key, out _));
            case "items":
                for (int i = 0; i < list?.Count; i++) errors.AddRange(Errors(want, list[i], $"{path}[{i}]", root));
                return false;
            case "properties":
                foreach (var p in want.EnumerateObject().Where(p => map?.ContainsKey(p.Name) == true)) errors.AddRange(Errors(p.Value,
                    map![p.Name], $"{path}.{p.Name}", root));
                return false;
            default: throw new NotSupportedException(keyword.Name);
        }
    }

    private static bool IsA(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "null" => value is null,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && double.IsInteger(double.Parse(value.ToJsonString(), null)),
        _ => throw new NotSupportedException(type),
    };

    private static bool Same(JsonElement want, JsonNode? value) => want.ValueKind == JsonValueKind.Null ? value is null
        : value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == want.GetString();
}
