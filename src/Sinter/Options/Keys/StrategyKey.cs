using System.Text.Json;

namespace Sinter.Options;

/// <summary>
/// A key whose value is one of the named strategies of a registry: a name, the registry's short number, or a mapping with the strategy's
/// keys.
/// </summary>
internal sealed class StrategyKey<T, TBase>(string name, string description, Func<T, TBase?> get, Action<T, TBase?> set, Registry<TBase> registry,
    bool optional) : OptionKey<T>(name, description) where TBase : class, INamedOptions
{
    private readonly StrategyForm<TBase> form = new(() => registry, optional);

    public override void Bind(T options, OptionNode node, string path, OptionReport report)
    {
        if (optional && node.IsNull) set(options, null);
        else if (form.Bind(node, get(options), path, report) is { } strategy) set(options, strategy);
    }

    public override void Check(T options, string path, OptionReport report)
    {
        if (!report.IsBound(path)) return;
        if (get(options) is { } strategy) form.Check(strategy, path, report);
        else if (!optional) report.Problem(path, "must not be null");
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
        form.Describe(path, rows);
    }
}
