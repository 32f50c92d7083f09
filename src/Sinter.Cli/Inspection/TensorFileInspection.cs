using System.Text.Json;
using Sinter.Checkpoints.Weights;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Tensors;

namespace Sinter.Cli.Inspection;

/// <summary>The tensors of a safetensors or PyTorch file.</summary>
internal sealed class TensorFileInspection : IInspection
{
    private const int Shown = 40;
    private readonly string _path;
    private readonly string _kind;
    private readonly bool _all;
    private readonly long _bytes;
    private readonly IReadOnlyList<TensorEntry> _entries;
    private readonly IReadOnlyDictionary<string, string> _metadata;

    public TensorFileInspection(string path, bool all)
    {
        using var reader = TensorFile.Open(path);
        (_path, _kind, _all, _bytes, _entries, _metadata) = (path, reader.Format, all, new FileInfo(path).Length, reader.Entries, reader.Metadata);
    }

    public void Write(TextWriter output)
    {
        var fields = new Fields().Add("file", _path).Add("kind", _kind).Add("size", HumanFormat.Bytes(_bytes))
            .Add("tensors", HumanFormat.Count(_entries.Count))
            .Add("elements", $"{HumanFormat.Count(_entries.Sum(e => e.Elements))} ({HumanFormat.Short(_entries.Sum(e => e.Elements))})")
            .Add("types", string.Join(", ", _entries.GroupBy(e => e.DType).Select(g => $"{Name(g.Key)} ({g.Count()})")));
        foreach (var (key, value) in _metadata) fields.Add("metadata", $"{key} = {(value.Length <= 200 ? value : value[..200] + "…")}");
        fields.Write(output);
        if (_entries.Count == 0) return;
        output.WriteLine();
        var shown = _all || _entries.Count <= Shown ? _entries : [.. _entries.Take(Shown)];
        var list = new Fields();
        foreach (var entry in shown)
            list.Add(entry.Name, $"{Name(entry.DType),-8}  [{string.Join(", ", entry.Shape)}]  {HumanFormat.Bytes(entry.ByteLength)}");
        list.Write(output);
        if (shown.Count < _entries.Count) output.WriteLine($"… and {_entries.Count - shown.Count} more; --all shows them.");
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("kind", _kind);
        json.WriteString("path", Path.GetFullPath(_path));
        json.WriteNumber("bytes", _bytes);
        json.WriteStartObject("metadata");
        foreach (var (key, value) in _metadata) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteStartArray("tensors");
        foreach (var entry in _entries)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("dtype", Name(entry.DType));
            json.WriteNumbers("shape", entry.Shape);
            json.WriteNumber("bytes", entry.ByteLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Name(DType type) => type.ToString().ToLowerInvariant();
}
