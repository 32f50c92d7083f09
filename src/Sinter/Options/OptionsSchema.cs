using System.Text.Json;

namespace Sinter.Options;

/// <summary>Makes schemas.</summary>
public static class OptionsSchema
{
    /// <summary>Describes the options class <typeparamref name="T"/>.</summary>
    public static OptionsSchema<T> Create<T>(Action<OptionsSchemaBuilder<T>> describe) where T : class, new() => Create("", describe);

    /// <summary>Describes the options class <typeparamref name="T"/> of a strategy.</summary>
    /// <param name="about">What the strategy is, in one line with its source.</param>
    /// <param name="describe">Lists the keys.</param>
    public static OptionsSchema<T> Create<T>(string about, Action<OptionsSchemaBuilder<T>> describe) where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(describe);
        var builder = new OptionsSchemaBuilder<T>();
        describe(builder);
        return new OptionsSchema<T>(about, [.. builder.Keys], [.. builder.Rules]);
    }
}

/// <summary>
/// The one description of an options class: its keys with types, ranges and meanings, and the rules between them. Reading, checking, writing, the
/// JSON schema and the help all come from it; defaults are those of a new <typeparamref name="T"/>. Immutable.
/// </summary>
public sealed class OptionsSchema<T> where T : class, new()
{
    private readonly OptionKey<T>[] keys;
    private readonly OptionRule<T>[] rules;

    internal OptionsSchema(string about, OptionKey<T>[] keys, OptionRule<T>[] rules) => (About, this.keys, this.rules) = (about, keys, rules);

    /// <summary>What the strategy is whose options these are; empty for others.</summary>
    public string About { get; }

    /// <summary>The names of the keys, in order.</summary>
    public IReadOnlyList<string> KeyNames => [.. keys.Select(k => k.Name)];

    /// <summary>Whether one of the keys, or of those in its sections, must be in a recipe.</summary>
    internal bool HasRequired => Array.Exists(keys, k => k.IsRequired);

    /// <summary>Every key, those of sections and strategies included, in order.</summary>
    public IReadOnlyList<OptionDescription> Describe()
    {
        var rows = new List<OptionDescription>();
        Describe("", rows);
        return rows;
    }

    /// <summary>What is wrong with <paramref name="options"/>, one line each; empty if nothing is.</summary>
    public IReadOnlyList<string> Check(T options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var report = new OptionReport();
        Check(options, "", report);
        return report.Lines();
    }

    internal void Bind(T options, OptionNode map, string path, OptionReport report, string? strategy = null)
    {
        var first = new Dictionary<string, OptionEntry>();
        foreach (var entry in map.Entries)
        {
            string at = OptionReport.Join(path, entry.Key);
            if (!first.TryAdd(entry.Key, entry))
            {
                report.Error(entry.KeyMark, at, $"duplicate key; the first is at line {first[entry.Key].KeyMark.Line}");
            }
            else if (Array.Find(keys, k => k.Name == entry.Key) is { } key)
            {
                report.Seen(at, entry.Value.Kind == OptionNodeKind.Map ? entry.KeyMark : entry.Value.Mark);
                key.Bind(options, entry.Value, at, report);
            }
            else if (strategy is null || entry.Key != "name")
            {
                Unknown(entry, at, strategy, report);
            }
        }
        foreach (var key in keys.Where(k => !first.ContainsKey(k.Name))) key.Absent(options, OptionReport.Join(path, key.Name), report);
    }

    /// <summary>Reads one value whose place in messages is <paramref name="path"/> itself.</summary>
    internal void BindKey(string key, T options, OptionNode node, string path, OptionReport report) =>
        Array.Find(keys, k => k.Name == key)!.Bind(options, node, path, report);

    internal void Check(T options, string path, OptionReport report)
    {
        foreach (var key in keys) key.Check(options, OptionReport.Join(path, key.Name), report);
        foreach (var rule in rules)
        {
            var involved = rule.Keys.Select(k => OptionReport.Join(path, k)).ToList();
            if (involved.TrueForAll(report.IsSound) && rule.Message(options) is { } message) report.Problem(involved[0], involved, message);
        }
    }

    internal OptionNode ToNode(T options, string? strategy = null)
    {
        var entries = new List<OptionEntry>();
        if (strategy is not null) entries.Add(new("name", default, OptionNode.Quoted(strategy)));
        foreach (var key in keys)
        {
            if (key.ToNode(options) is { } value) entries.Add(new(key.Name, default, value));
        }
        return OptionNode.Map(entries);
    }

    internal void WriteJson(Utf8JsonWriter json, string? strategy = null, bool nameRequired = false)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartArray("required");
        if (nameRequired) json.WriteStringValue("name");
        foreach (var key in keys.Where(k => k.IsRequired)) json.WriteStringValue(key.Name);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        if (strategy is not null)
        {
            json.WriteStartObject("name");
            json.WriteString("const", strategy);
            json.WriteEndObject();
        }
        foreach (var key in keys)
        {
            json.WriteStartObject(key.Name);
            key.WriteJson(new T(), json);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    internal void WriteKeyJson(string key, Utf8JsonWriter json) => Array.Find(keys, k => k.Name == key)!.WriteJson(new T(), json);

    internal void Describe(string path, List<OptionDescription> rows, string? strategy = null)
    {
        var mine = new List<OptionDescription>();
        foreach (var key in keys) key.Describe(new T(), OptionReport.Join(path, key.Name), mine);
        rows.AddRange(strategy is null ? mine : mine.Select(r => r with { Description = $"({strategy}) {r.Description}" }));
    }

    private void Unknown(OptionEntry entry, string at, string? strategy, OptionReport report)
    {
        var here = strategy is null ? KeyNames : ["name", .. KeyNames];
        string whose = strategy is null ? "unknown key" : $"unknown key of {strategy}";
        report.Error(entry.KeyMark, at, report.SuggestKey(entry.Key, at, strategy, here) is { } meant
            ? $"{whose}; did you mean {meant}?" : $"{whose}; expected {ChoiceType.List(here)}");
    }
}
