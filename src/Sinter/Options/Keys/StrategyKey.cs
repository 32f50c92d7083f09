using System.Text.Json;

namespace Sinter.Options;

/// <summary>
/// A key whose value is one of the named strategies of a registry: a name, the registry's short number, or a mapping with the strategy's
/// keys.
/// </summary>
internal sealed class StrategyKey<T, TBase>(string name, string description, Func<T, TBase?> get, Action<T, TBase?> set, Registry<TBase> registry,
    bool optional) : OptionKey<T>(name, description) where TBase : class, INamedOptions
{
    private string Expected => registry.Expected + (optional ? ", or null" : "");

    public override void Bind(T options, OptionNode node, string path, OptionReport report)
    {
        if (optional && node.IsNull) set(options, null);
        else if (node.Kind == OptionNodeKind.Map) BindMap(options, node, path, report);
        else if (BindPlain(node, path, report) is { } strategy) set(options, strategy);
    }

    private TBase? BindPlain(OptionNode node, string path, OptionReport report)
    {
        if (node is { Kind: OptionNodeKind.Scalar, IsPlain: true } && registry.Short is { } shorthand && NumberText.TryNumber(node.Text, out _))
        {
            var strategy = shorthand.Entry.Create();
            shorthand.Entry.BindKey(shorthand.Key, strategy, node, path, report);
            return strategy;
        }
        if (node.Kind == OptionNodeKind.Scalar && !node.IsNull && registry.Find(node.Text) is { } entry) return entry.Create();
        bool looksLikeName = node.Kind == OptionNodeKind.Scalar && !node.IsNull;
        string near = looksLikeName && Suggestion.Nearest(node.Text, registry.Names) is { } n ? $"; did you mean {n}?" : "";
        report.Error(node.Mark, path, $"expected {Expected}, not {node.Show()}{near}");
        return null;
    }

    private void BindMap(T options, OptionNode node, string path, OptionReport report)
    {
        var strategy = node.Shorthand is { IsNull: false } plain ? BindPlain(plain, path, report) : get(options);
        if (node.Find("name") is { } named)
        {
            var entry = named.Value is { Kind: OptionNodeKind.Scalar, IsNull: false } ? registry.Find(named.Value.Text) : null;
            if (entry is null)
            {
                string near = Suggestion.Nearest(named.Value.Text, registry.Names) is { } n ? $"; did you mean {n}?" : "";
                report.Error(named.Value.Mark, path, $"name: expected {ChoiceType.List(registry.Names)}, not {named.Value.Show()}{near}");
                return;
            }
            if (strategy?.Name != entry.Name) strategy = entry.Create();
        }
        else if (strategy is null && report.IsBound(path))
        {
            report.Error(node.Mark, path, $"has no name; expected name: {ChoiceType.List(registry.Names)}");
        }
        if (strategy is null) return;
        registry.Find(strategy.Name)?.Bind(strategy, node, path, report);
        set(options, strategy);
    }

    public override void Check(T options, string path, OptionReport report)
    {
        if (!report.IsBound(path)) return;
        if (get(options) is not { } strategy)
        {
            if (!optional) report.Problem(path, "must not be null");
        }
        else if (registry.EntryOf(strategy) is { } entry)
        {
            entry.Check(strategy, path, report);
        }
        else
        {
            report.Problem(path, $"{strategy.GetType().Name} is not in the registry under the name '{strategy.Name}'; add its schema there");
        }
    }

    public override OptionNode? ToNode(T options) => registry.ToNode(get(options));

    public override void WriteJson(T defaults, Utf8JsonWriter json)
    {
        json.WriteString("description", Description);
        registry.WriteJson(json, get(defaults)?.Name, optional);
        json.WritePropertyName("default");
        OptionJson.Write(registry.ToNode(get(defaults)), json);
    }

    public override void Describe(T defaults, string path, List<OptionDescription> rows)
    {
        rows.Add(new(path, registry.Expected, "", get(defaults) is { } d ? OptionYaml.Inline(registry.ToNode(d, asShort: true)) : "null",
            Description));
        foreach (var entry in registry.Entries) entry.Describe(path, rows);
    }
}
