using System.Text.Json;

namespace Sinter.Options;

/// <summary>A strategy of a registry: a name, the registry's short number, or a mapping with the strategy's keys.</summary>
internal sealed class StrategyForm<TBase>(Func<Registry<TBase>> registry, bool optional = false) : ItemForm<TBase> where TBase : class, INamedOptions
{
    private Registry<TBase> Registry => registry();

    public override string Expected => Registry.Expected + (optional ? ", or null" : "");

    public override TBase? Bind(OptionNode node, TBase? current, string path, OptionReport report) =>
        node.Kind == OptionNodeKind.Map ? BindMap(node, current, path, report) : BindPlain(node, path, report);

    private TBase? BindPlain(OptionNode node, string path, OptionReport report)
    {
        if (node is { Kind: OptionNodeKind.Scalar, IsPlain: true } && Registry.Short is { } shorthand && NumberText.TryNumber(node.Text, out _))
        {
            var strategy = shorthand.Entry.Create();
            shorthand.Entry.BindKey(shorthand.Key, strategy, node, path, report);
            return strategy;
        }
        bool looksLikeName = node.Kind == OptionNodeKind.Scalar && !node.IsNull;
        if (looksLikeName && Registry.Find(node.Text) is { } entry) return entry.Create();
        string near = looksLikeName && Suggestion.Nearest(node.Text, Registry.Names) is { } n ? $"; did you mean {n}?" : "";
        report.Error(node.Mark, path, $"expected {Expected}, not {node.Show()}{near}");
        return null;
    }

    private TBase? BindMap(OptionNode node, TBase? current, string path, OptionReport report)
    {
        var strategy = node.Shorthand is { IsNull: false } plain ? BindPlain(plain, path, report) : current;
        if (node.Find("name") is { } named)
        {
            var entry = named.Value is { Kind: OptionNodeKind.Scalar, IsNull: false } ? Registry.Find(named.Value.Text) : null;
            if (entry is null)
            {
                string near = Suggestion.Nearest(named.Value.Text, Registry.Names) is { } n ? $"; did you mean {n}?" : "";
                report.Error(named.Value.Mark, path, $"name: expected {ChoiceType.List(Registry.Names)}, not {named.Value.Show()}{near}");
                return null;
            }
            if (strategy?.Name != entry.Name) strategy = entry.Create();
        }
        else if (strategy is null && report.IsBound(path))
        {
            report.Error(node.Mark, path, $"has no name; expected name: {ChoiceType.List(Registry.Names)}");
        }
        if (strategy is not null) Registry.Find(strategy.Name)?.Bind(strategy, node, path, report);
        return strategy;
    }

    public override void Check(TBase item, string path, OptionReport report)
    {
        if (Registry.EntryOf(item) is { } entry) entry.Check(item, path, report);
        else report.Problem(path, $"{item.GetType().Name} is not in the registry under the name '{item.Name}'; add its schema there");
    }

    public override OptionNode ToNode(TBase item) => Registry.ToNode(item);

    public override void WriteJson(Utf8JsonWriter json) => Registry.WriteJson(json, null, optional);

    public override void Describe(string path, List<OptionDescription> rows)
    {
        foreach (var entry in Registry.Entries) entry.Describe(path, rows);
    }
}
