using System.Globalization;
using System.Text.Json;

namespace Sinter.Options;

/// <summary>
/// A key whose value is a list of objects; where one is enough, it may stand without the list. A list that is written replaces the default, and
/// null is the empty list. The path of an item is the key's with its index from 0: <c>training.stop.0</c>, in messages and in <c>--set</c>.
/// </summary>
internal sealed class ListKey<T, TItem>(string name, string description, Func<T, IReadOnlyList<TItem>> get, Action<T, IReadOnlyList<TItem>> set,
    ItemForm<TItem> form, int least) : OptionKey<T>(name, description) where TItem : class
{
    private string Expected => (least <= 1 ? $"{form.Expected}, or a list of these" : $"a list of {least} or more of: {form.Expected}");

    public override void Bind(T options, OptionNode node, string path, OptionReport report)
    {
        if (node.IsNull)
        {
            set(options, []);
        }
        else if (node.Kind == OptionNodeKind.List)
        {
            BindItems(node.Items, options, path, report);
        }
        else if (node.Shorthand?.Kind == OptionNodeKind.List)
        {
            int count = node.Shorthand.Items.Count;
            string which = count == 0 ? "" : $" or name an item, {path}.{(count == 1 ? "0" : $"0 to {path}.{count - 1}")}";
            report.Error(node.Mark, path, $"is a list; set all of it{which}");
        }
        else if (least > 1)
        {
            report.Error(node.Mark, path, $"expected {Expected}, not {node.Show()}");
        }
        else
        {
            BindItems([node], options, path, report);
        }
    }

    private void BindItems(IReadOnlyList<OptionNode> nodes, T options, string path, OptionReport report)
    {
        var items = nodes.Select((node, i) => BindItem(node, At(path, i), report)).ToList();
        set(options, [.. items.OfType<TItem>()]);
        if (items.Contains(null)) report.Failed(path);
    }

    private TItem? BindItem(OptionNode node, string path, OptionReport report)
    {
        report.Seen(path, node.Mark);
        return form.Bind(node, null, path, report);
    }

    public override void Check(T options, string path, OptionReport report)
    {
        if (!report.IsBound(path)) return;
        var items = get(options);
        if (items is null || items.Contains(null)) report.Problem(path, "must not be null or hold null");
        else if (items.Count < least) report.Problem(path, $"expected {least} or more, not {items.Count}");
        else for (int i = 0; i < items.Count; i++) form.Check(items[i], At(path, i), report);
    }

    public override OptionNode? ToNode(T options) => OptionNode.List([.. get(options).Select(form.ToNode)]);

    public override void WriteJson(T defaults, Utf8JsonWriter json)
    {
        json.WriteString("description", Description);
        json.WriteStartArray("anyOf");
        WriteListJson(json);
        if (least <= 1)
        {
            json.WriteStartObject();
            form.WriteJson(json);
            json.WriteEndObject();
        }
        if (least == 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "null");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("default");
        OptionJson.Write(ToNode(defaults)!, json);
    }

    private void WriteListJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        form.WriteJson(json);
        json.WriteEndObject();
        if (least > 0) json.WriteNumber("minItems", least);
        json.WriteEndObject();
    }

    public override void Describe(T defaults, string path, List<OptionDescription> rows)
    {
        rows.Add(new(path, Expected, "", OptionYaml.Inline(ToNode(defaults)!), Description));
        form.Describe(path, rows);
    }

    private static string At(string path, int index) => OptionReport.Join(path, index.ToString(CultureInfo.InvariantCulture));
}
