using System.Text.Json;

namespace Sinter.Options;

/// <summary>One strategy of a registry: its name and what its schema does, without its type.</summary>
internal abstract class StrategyEntry<TBase>
{
    public abstract string Name { get; }
    public abstract StrategyDescription Describe();
    public abstract TBase Create();
    public abstract bool Made(TBase options);
    public abstract void Bind(TBase options, OptionNode map, string path, OptionReport report);
    public abstract void BindKey(string key, TBase options, OptionNode node, string path, OptionReport report);
    public abstract void Check(TBase options, string path, OptionReport report);
    public abstract OptionNode ToNode(TBase options);
    public abstract void WriteJson(Utf8JsonWriter json, bool nameRequired);
    public abstract void WriteKeyJson(string key, Utf8JsonWriter json);
    public abstract void Describe(string path, List<OptionDescription> rows);
}

/// <summary>The entry of strategies whose options are a <typeparamref name="T"/>.</summary>
internal sealed class StrategyEntry<TBase, T>(OptionsSchema<T> schema) : StrategyEntry<TBase>
    where TBase : class, INamedOptions where T : class, TBase, new()
{
    public override string Name { get; } = new T().Name;
    public override StrategyDescription Describe() => new(Name, schema.About, schema.Describe());
    public override TBase Create() => new T();
    public override bool Made(TBase options) => options is T;
    public override void Bind(TBase options, OptionNode map, string path, OptionReport report) => schema.Bind((T)options, map, path, report, Name);
    public override void BindKey(string key, TBase options, OptionNode node, string path, OptionReport report) =>
        schema.BindKey(key, (T)options, node, path, report);
    public override void Check(TBase options, string path, OptionReport report) => schema.Check((T)options, path, report);
    public override OptionNode ToNode(TBase options) => schema.ToNode((T)options, Name);
    public override void WriteJson(Utf8JsonWriter json, bool nameRequired) => schema.WriteJson(json, Name, nameRequired);
    public override void WriteKeyJson(string key, Utf8JsonWriter json) => schema.WriteKeyJson(key, json);
    public override void Describe(string path, List<OptionDescription> rows) => schema.Describe(path, rows, Name);
}
