using System.Text.Json;

namespace Sinter.Options;

/// <summary>
/// The named strategies that a key chooses from. A strategy is its own file and one <see cref="Add{T}"/> line; a program may add its own before it
/// reads recipes.
/// </summary>
/// <typeparam name="TBase">What the options of all of them derive from.</typeparam>
public sealed class Registry<TBase> : IStrategyRegistry where TBase : class, INamedOptions
{
    private readonly Lock gate = new();
    private readonly Func<StrategyEntry<TBase>[]>? view;
    private volatile StrategyEntry<TBase>[] entries = [];

    /// <summary>An empty registry of, say, schedules.</summary>
    /// <param name="what">What it holds, in the singular, for messages.</param>
    public Registry(string what) => What = what;

    private Registry(Registry<TBase> all, string name)
    {
        What = all.What;
        view = () => Array.FindAll(all.Entries, e => e.Name != name);
        Short = all.Short is { } s && s.Entry.Name != name ? s : null;
    }

    /// <summary>What the registry holds, in the singular.</summary>
    public string What { get; }

    /// <summary>The names, in the order added.</summary>
    public IReadOnlyList<string> Names => [.. Entries.Select(e => e.Name)];

    /// <inheritdoc/>
    public IReadOnlyList<StrategyDescription> Describe() => [.. Entries.Select(e => e.Describe())];

    /// <summary>Adds the strategy whose options <paramref name="schema"/> describes.</summary>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    public Registry<TBase> Add<T>(OptionsSchema<T> schema) where T : class, TBase, new()
    {
        ArgumentNullException.ThrowIfNull(schema);
        var entry = new StrategyEntry<TBase, T>(schema);
        lock (gate)
        {
            if (Find(entry.Name) is not null) throw new ArgumentException($"[{What}] the name '{entry.Name}' is taken", nameof(schema));
            entries = [.. entries, entry];
        }
        return this;
    }

    /// <summary>Lets a plain number stand for the strategy <paramref name="name"/> with that value of <paramref name="key"/>.</summary>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public Registry<TBase> Shorten(string name, string key)
    {
        var entry = Find(name) ?? throw new ArgumentException($"[{What}] there is no '{name}'", nameof(name));
        Short = (entry, key);
        return this;
    }

    /// <summary>The same registry without the strategy <paramref name="name"/>, which may hold others but not itself.</summary>
    internal Registry<TBase> Without(string name) => new(this, name);

    internal (StrategyEntry<TBase> Entry, string Key)? Short { get; private set; }
    internal StrategyEntry<TBase>[] Entries => view is null ? entries : view();

    internal string Expected => (Short is null ? "" : "a number, ")
        + $"{("aeio".Contains(What[0]) ? "an" : "a")} {What} ({ChoiceType.List(Names)})" + " or a mapping with its name and keys";

    internal StrategyEntry<TBase>? Find(string name) => Array.Find(Entries, e => e.Name == name);

    internal StrategyEntry<TBase>? EntryOf(TBase options) => Find(options.Name) is { } entry && entry.Made(options) ? entry : null;

    /// <summary>The options as written: the short number where there is one, else a map; with <paramref name="asShort"/> at most the name.</summary>
    internal OptionNode ToNode(TBase? options, bool asShort = false)
    {
        if (options is null) return OptionNode.Null;
        var entry = EntryOf(options) ?? throw new InvalidOperationException($"[{What}] '{options.Name}' is not registered");
        var map = entry.ToNode(options);
        if (Short is { } s && s.Entry == entry && map.Entries.Count == 2) return map.Find(s.Key)!.Value;
        return asShort ? OptionNode.Plain(entry.Name) : map;
    }

    internal void WriteJson(Utf8JsonWriter json, string? defaultName, bool optional)
    {
        json.WriteStartArray("anyOf");
        if (Short is { } s)
        {
            json.WriteStartObject();
            s.Entry.WriteKeyJson(s.Key, json);
            json.WriteEndObject();
        }
        json.WriteStartObject();
        json.WriteStartArray("enum");
        foreach (var name in Names) json.WriteStringValue(name);
        if (optional) json.WriteNullValue();
        json.WriteEndArray();
        json.WriteEndObject();
        foreach (var entry in Entries)
        {
            json.WriteStartObject();
            entry.WriteJson(json, entry.Name != defaultName);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
