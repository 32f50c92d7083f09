using System.Text.Json;

namespace Sinter.Options;

/// <summary>A key whose value is a mapping with its own schema. An optional section is null until it is written.</summary>
internal sealed class SectionKey<T, TSection>(string name, string description, Func<T, TSection?> get, Action<T, TSection> set,
    Func<OptionsSchema<TSection>> schema, bool optional) : OptionKey<T>(name, description) where TSection : class, new()
{
    public override bool IsRequired => !optional && schema().HasRequired;

    public override void Bind(T options, OptionNode node, string path, OptionReport report)
    {
        if (node.IsNull && (optional || node.Text.Length == 0))
        {
            Absent(options, path, report);
            return;
        }
        if (node.Kind != OptionNodeKind.Map)
        {
            report.Error(node.Mark, path, $"expected a mapping with the keys {ChoiceType.List(schema().KeyNames)}, not {node.Show()}");
            return;
        }
        if (get(options) is not { } section) set(options, section = new TSection());
        schema().Bind(section, node, path, report);
    }

    public override void Absent(T options, string path, OptionReport report)
    {
        if (!optional && get(options) is { } section) schema().Bind(section, OptionNode.Map([]), path, report);
    }

    public override void Check(T options, string path, OptionReport report)
    {
        if (!report.IsBound(path)) return;
        if (get(options) is { } section) schema().Check(section, path, report);
        else if (!optional) report.Problem(path, "must not be null");
    }

    public override OptionNode? ToNode(T options) => get(options) is { } section ? schema().ToNode(section) : null;

    public override void WriteJson(T defaults, Utf8JsonWriter json)
    {
        json.WriteString("description", Description);
        schema().WriteJson(json);
    }

    public override void Describe(T defaults, string path, List<OptionDescription> rows) => schema().Describe(path, rows);
}
