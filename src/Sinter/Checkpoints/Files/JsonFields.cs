using System.Text.Json;

namespace Sinter.Checkpoints.Files;

/// <summary>The fields of a JSON object in a file, each read with its type checked; null counts as absent.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="value">The object.</param>
/// <param name="prefix">The keys that lead to the object, each followed by a point.</param>
internal readonly struct JsonFields(string path, JsonElement value, string prefix = "")
{
    /// <summary>Whether the key is there with a value other than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A whole number from 1 to <paramref name="most"/>; <paramref name="missing"/> if it is absent.</summary>
    public int Count(string key, int? missing = null, int most = int.MaxValue)
    {
        if (Find(key) is not { } found)
            return missing ?? throw Wrong(key, "it is missing");
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out int number) && number >= 1 && number <= most
            ? number
            : throw Expected(key, $"a whole number from 1 to {most}", found);
    }

    /// <summary>A whole number of 64 bits, not negative.</summary>
    public long Long(string key) => Find(key) is not { } found
        ? throw Wrong(key, "it is missing")
        : found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long number) && number >= 0
            ? number
            : throw Expected(key, "a whole number that is not negative", found);

    /// <summary>Finite numbers.</summary>
    public double[] Numbers(string key)
    {
        if (Find(key) is not { } found)
            throw Wrong(key, "it is missing");
        if (found.ValueKind != JsonValueKind.Array)
            throw Expected(key, "an array of numbers", found);
        var numbers = new double[found.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in found.EnumerateArray())
        {
            numbers[i++] = item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw Expected(key, "an array of numbers", item);
        }
        return numbers;
    }

    /// <summary>Strings.</summary>
    public string[] Texts(string key)
    {
        if (Find(key) is not { ValueKind: JsonValueKind.Array } found)
            throw Wrong(key, "an array of strings was expected");
        var items = new List<string>();
        foreach (JsonElement item in found.EnumerateArray())
            items.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Expected(key, "an array of strings", item));
        return [.. items];
    }

    /// <summary>Whether the key is there and null, which is not the default for all.</summary>
    public bool IsNull(string key) => value.TryGetProperty(key, out JsonElement found) && found.ValueKind == JsonValueKind.Null;

    /// <summary>A finite number.</summary>
    public double Number(string key, double missing) => Find(key) is not { } found
        ? missing
        : found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Expected(key, "a number", found);

    /// <summary>A finite number that is not negative.</summary>
    public double NotNegative(string key, double missing)
    {
        double number = Number(key, missing);
        return number >= 0 ? number : throw Wrong(key, $"{number} is negative");
    }

    /// <summary>A probability of dropping, in [0, 1).</summary>
    public double Probability(string key, double missing)
    {
        double number = Number(key, missing);
        return number is >= 0 and < 1 ? number : throw Wrong(key, $"{number} is not a probability in [0, 1).");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool missing) => Find(key) is not { } found
        ? missing
        : found.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? found.GetBoolean()
            : throw Expected(key, "true or false", found);

    /// <summary>A string.</summary>
    public string Text(string key, string? missing = null) => Find(key) is not { } found
        ? missing ?? throw Wrong(key, "it is missing")
        : found.ValueKind == JsonValueKind.String
            ? found.GetString()!
            : throw Expected(key, "a string", found);

    /// <summary>The fields of an object; null if it is absent.</summary>
    public JsonFields? Object(string key) => Find(key) is not { } found
        ? null
        : found.ValueKind == JsonValueKind.Object
            ? new JsonFields(path, found, $"{prefix}{key}.")
            : throw Expected(key, "an object", found);

    /// <summary>The elements of an array of objects.</summary>
    public IEnumerable<JsonFields> Objects(string key)
    {
        if (Find(key) is not { ValueKind: JsonValueKind.Array } found)
            throw Wrong(key, "an array was expected");
        var items = new List<JsonFields>();
        foreach (JsonElement item in found.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw Expected(key, "an array of objects", item);
            items.Add(new JsonFields(path, item, $"{prefix}{key}[{items.Count}]."));
        }
        return items;
    }

    /// <summary>The elements of an array of strings; none if it is absent.</summary>
    public string[] Strings(string key)
    {
        if (Find(key) is not { } found) return [];
        if (found.ValueKind != JsonValueKind.Array || found.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            throw Expected(key, "an array of strings", found);
        return [.. found.EnumerateArray().Select(e => e.GetString()!)];
    }

    /// <summary>The keys and values as they are.</summary>
    public IEnumerable<(string Key, JsonElement Value)> All()
    {
        foreach (JsonProperty property in value.EnumerateObject())
            yield return (property.Name, property.Value);
    }

    /// <summary>A token id within the vocabulary, or the first of a list of them; null if absent or outside (as untrained configurations have
    /// it).</summary>
    public int? TokenId(string key, int vocabulary)
    {
        if (Find(key) is not { } found)
            return null;
        JsonElement first = found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0 ? found[0] : found;
        if (first.ValueKind != JsonValueKind.Number || !first.TryGetInt32(out int id))
            throw Expected(key, "a token id or a list of them", found);
        return id >= 0 && id < vocabulary ? id : null;
    }

    /// <summary>Token ids within the vocabulary, of a list or one alone.</summary>
    public List<int> TokenIds(string key, int vocabulary)
    {
        if (Find(key) is not { } found)
            return [];
        var ids = new List<int>();
        foreach (JsonElement item in found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().ToArray() : [found])
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int id))
                throw Expected(key, "a token id or a list of them", found);
            if (id >= 0 && id < vocabulary) ids.Add(id);
        }
        return ids;
    }

    /// <summary>The error for a field.</summary>
    public CheckpointException Wrong(string key, string what) => new($"{path}: '{prefix}{key}': {what}");

    private CheckpointException Expected(string key, string expected, JsonElement found) =>
        Wrong(key, $"{expected} was expected, and {JsonFile.Kind(found)} found");

    private JsonElement? Find(string key) => value.TryGetProperty(key, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? found : null;
}
