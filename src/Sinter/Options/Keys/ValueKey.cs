using System.Text.Json;

namespace Sinter.Options;

/// <summary>A key with one value.</summary>
internal sealed class ValueKey<T, TValue>(string name, string description, Func<T, TValue> get, Action<T, TValue> set, OptionType<TValue> type,
    bool required)
    : OptionKey<T>(name, description)
{
    public override bool IsRequired => required;

    public override void Bind(T options, OptionNode node, string path, OptionReport report)
    {
        string? error = type.TryRead(node, out var value, out var unread) ? type.Check(value) : unread;
        if (error is null) set(options, value);
        else report.Error(node.Mark, path, error);
    }

    public override void Check(T options, string path, OptionReport report)
    {
        if (report.IsBound(path) && type.Check(get(options)) is { } error) report.Problem(path, error);
    }

    public override OptionNode? ToNode(T options) => type.ToNode(get(options));

    public override void WriteJson(T defaults, Utf8JsonWriter json)
    {
        json.WriteString("description", Description);
        type.WriteJson(json);
        if (required) return;
        json.WritePropertyName("default");
        OptionJson.Write(type.ToNode(get(defaults)), json);
    }

    public override void Describe(T defaults, string path, List<OptionDescription> rows) =>
        rows.Add(new(path, type.Expected, type.Range, required ? "" : OptionYaml.Inline(type.ToNode(get(defaults))), Description));
}
