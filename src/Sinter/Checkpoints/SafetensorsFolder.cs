using System.Collections.Immutable;
using System.Text.Json;

namespace Sinter.Checkpoints;

/// <summary>The weights of a model folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names.</summary>
public sealed class SafetensorsFolder : IDisposable
{
    /// <summary>The name of an unsharded file.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The name of the index of a sharded one.</summary>
    public const string IndexFileName = "model.safetensors.index.json";

    private readonly List<SafetensorsReader> _files = [];
    private readonly Dictionary<string, (SafetensorsReader File, TensorEntry Entry)> _tensors = new(StringComparer.Ordinal);

    private SafetensorsFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The open files.</summary>
    public IReadOnlyList<SafetensorsReader> Files => _files;

    /// <summary>Every tensor, with the file that holds it, by name.</summary>
    public IReadOnlyDictionary<string, (SafetensorsReader File, TensorEntry Entry)> Tensors => _tensors;

    /// <summary>Opens all files of the folder and checks their headers and the index.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged, or the index and the shards do not agree.</exception>
    public static SafetensorsFolder Open(string path)
    {
        var folder = new SafetensorsFolder(path);
        try
        {
            string single = System.IO.Path.Combine(path, FileName), index = System.IO.Path.Combine(path, IndexFileName);
            if (File.Exists(single))
                folder.Add(single);
            else if (File.Exists(index))
                folder.AddShards(index);
            else
                throw Missing(path);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Closes all files.</summary>
    public void Dispose()
    {
        foreach (SafetensorsReader file in _files)
            file.Dispose();
    }

    private void Add(string path)
    {
        SafetensorsReader file = SafetensorsReader.Open(path);
        _files.Add(file);
        foreach (TensorEntry entry in file.Entries)
        {
            if (!_tensors.TryAdd(entry.Name, (file, entry)))
                throw new CheckpointException($"{path}: tensor {Quoted.Name(entry.Name)} is also in {_tensors[entry.Name].File.Path}. "
                    + "The shards do not belong together; copy or download them again.");
        }
    }

    private void AddShards(string index)
    {
        Dictionary<string, string> map = ReadIndex(index);
        foreach (string shard in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            Add(System.IO.Path.Combine(Path, shard));
        foreach ((string name, string shard) in map)
        {
            if (!_tensors.TryGetValue(name, out var found) || System.IO.Path.GetFileName(found.File.Path) != shard)
                throw new CheckpointException($"{index}: tensor {Quoted.Name(name)} is not in {shard}, where the index says. "
                    + "Copy or download the folder again.");
        }
        if (_tensors.Keys.FirstOrDefault(name => !map.ContainsKey(name)) is { } extra)
            throw new CheckpointException($"{index}: tensor {Quoted.Name(extra)} of {_tensors[extra].File.Path} is not in the index. "
                + "Copy or download the folder again.");
    }

    private static Dictionary<string, string> ReadIndex(string index)
    {
        using JsonDocument document = JsonFile.Read(index);
        var fields = new JsonFields(index, document.RootElement);
        JsonFields map = fields.Object("weight_map") ?? throw fields.Wrong("weight_map", "it is missing");
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in map.All())
        {
            // A name that leads out of the folder is an attack, not a shard.
            if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } shard || !IsPlain(shard))
                throw map.Wrong(name, $"the name of a .safetensors file in the same folder was expected, and {JsonFile.Kind(value)} found");
            shards.Add(name, shard);
        }
        return shards;
    }

    private static bool IsPlain(string shard) => shard.EndsWith(".safetensors", StringComparison.Ordinal)
        && shard.AsSpan().IndexOfAny("/\\:\0") < 0 && shard.Length <= 255;

    private static CheckpointException Missing(string path)
    {
        if (!Directory.Exists(path))
            return new($"{path}: there is no such folder. Name a run or a model folder.");
        string advice = Directory.EnumerateFiles(path, "pytorch_model*.bin").Any()
            ? "It holds pytorch_model.bin, which can run code and is not read; save the model as safetensors."
            : Directory.EnumerateFiles(path, "*.safetensors").Any()
                ? $"It holds other .safetensors files, but no {IndexFileName} that lists them; copy or download it too."
                : "Name a run or a model folder.";
        return new CheckpointException($"{path}: there is neither {FileName} nor {IndexFileName}. {advice}");
    }
}
