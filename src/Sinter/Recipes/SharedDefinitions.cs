using System.Text.Json.Nodes;

namespace Sinter.Recipes;

/// <summary>Moves the strategies that occur more than once in a JSON schema to its <c>definitions</c>, and refers to them.</summary>
internal sealed class SharedDefinitions
{
    private readonly Dictionary<string, int> counts = [];
    private readonly Dictionary<string, string> names = [];
    private readonly JsonObject definitions = [];

    /// <summary>The same schema, shorter.</summary>
    public static JsonObject Share(JsonObject schema)
    {
        var shared = new SharedDefinitions();
        shared.Count(schema);
        var root = (JsonObject)shared.Rewrite(schema)!;
        if (shared.definitions.Count > 0) root["definitions"] = shared.definitions;
        return root;
    }

    private static string? StrategyName(JsonObject node) => (node["properties"] as JsonObject)?["name"] is JsonObject name ? (string?)name["const"] : null;

    private void Count(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            if (StrategyName(map) is not null) counts[map.ToJsonString()] = counts.GetValueOrDefault(map.ToJsonString()) + 1;
            foreach (var (_, value) in map) Count(value);
        }
        foreach (var item in node as JsonArray ?? []) Count(item);
    }

    private JsonNode? Rewrite(JsonNode? node) => node switch
    {
        JsonArray list => new JsonArray([.. list.Select(Rewrite)]),
        JsonObject map when StrategyName(map) is { } name && counts[map.ToJsonString()] > 1 => Refer(map, name),
        JsonObject map => Copy(map),
        _ => node?.DeepClone(),
    };

    private JsonObject Copy(JsonObject map) => new([.. map.Select(e => KeyValuePair.Create(e.Key, Rewrite(e.Value)))]);

    private JsonObject Refer(JsonObject map, string name)
    {
        string text = map.ToJsonString();
        if (!names.TryGetValue(text, out string? known))
        {
            names[text] = known = Enumerable.Range(1, int.MaxValue).Select(n => n == 1 ? name : $"{name}-{n}").First(n => !names.ContainsValue(n));
            definitions[known] = Copy(map);
        }
        return new JsonObject { ["$ref"] = $"#/definitions/{known}" };
    }
}
