using System.Text.Json;

namespace Sinter.Options;

/// <summary>A mapping with its own schema, as an item of a list.</summary>
internal sealed class SectionForm<TSection>(Func<OptionsSchema<TSection>> schema) : ItemForm<TSection> where TSection : class, new()
{
    public override string Expected => $"a mapping with the keys {ChoiceType.List(schema().KeyNames)}";

    public override TSection? Bind(OptionNode node, TSection? current, string path, OptionReport report)
    {
        if (node.Kind != OptionNodeKind.Map || node.Shorthand is { IsNull: false })
        {
            report.Error(node.Mark, path, $"expected {Expected}, not {(node.Shorthand ?? node).Show()}");
            return null;
        }
        var section = current ?? new TSection();
        schema().Bind(section, node, path, report);
        return section;
    }

    public override void Check(TSection item, string path, OptionReport report) => schema().Check(item, path, report);

    public override OptionNode ToNode(TSection item) => schema().ToNode(item);

    public override void WriteJson(Utf8JsonWriter json) => schema().WriteJson(json);

    public override void Describe(string path, List<OptionDescription> rows) => schema().Describe(path, rows);
}
