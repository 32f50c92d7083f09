using System.Text.Json;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.Weights;

/// <summary>The weights of a model folder: one file, or the shards that an index names, as safetensors or as PyTorch files.</summary>
public sealed class WeightsFolder : IDisposable
{
    private readonly List<TensorFile> _files = [];
    private readonly Dictionary<string, (TensorFile File, TensorEntry Entry)> _tensors = new(StringComparer.Ordinal);

    private WeightsFolder(string path, WeightFormat format) => (Path, Format) = (path, format);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The format of the files.</summary>
    public WeightFormat Format { get; }

    /// <summary>The open files.</summary>
    public IReadOnlyList<TensorFile> Files => _files;

    /// <summary>Every tensor, with the file that holds it, by name.</summary>
    public IReadOnlyDictionary<string, (TensorFile File, TensorEntry Entry)> Tensors => _tensors;

    /// <summary>Opens all files of the folder and checks what they say of themselves, and the index. Where there are both formats,
    /// safetensors is taken.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged, or the index and the shards do not agree.</exception>
    public static WeightsFolder Open(string path)
    {
        foreach (WeightFormat format in WeightFormat.All)
        {
            string single = System.IO.Path.Combine(path, format.FileName), index = System.IO.Path.Combine(path, format.IndexFileName);
            bool isSingle = File.Exists(single);
            if (isSingle || File.Exists(index)) return Open(new WeightsFolder(path, format), isSingle ? single : null, index);
        }
        throw Missing(path);
    }

    /// <summary>Closes all files.</summary>
    public void Dispose()
    {
        foreach (TensorFile file in _files)
            file.Dispose();
    }

    private static WeightsFolder Open(WeightsFolder folder, string? single, string index)
    {
        try
        {
            if (single is not null) folder.Add(single);
            else folder.AddShards(index);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private void Add(string path)
    {
        TensorFile file = Format.Open(path);
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

    private Dictionary<string, string> ReadIndex(string index)
    {
        using JsonDocument document = JsonFile.Read(index);
        var fields = new JsonFields(index, document.RootElement);
        JsonFields map = fields.Object("weight_map") ?? throw fields.Wrong("weight_map", "it is missing");
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in map.All())
        {
            // A name that leads out of the folder is an attack, not a shard.
            if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } shard || !Format.IsShard(shard))
                throw map.Wrong(name, $"the name of a {System.IO.Path.GetExtension(Format.FileName)} file in the same folder was expected, and {JsonFile.Kind(value)} found");
            shards.Add(name, shard);
        }
        return shards;
    }

    private static CheckpointException Missing(string path)
    {
        if (!Directory.Exists(path))
            return new($"{path}: there is no such folder. Name a run or a model folder.");
        string advice = Directory.EnumerateFiles(path, "*.safetensors").Any()
            ? $"It holds other .safetensors files, but no {WeightFormat.Safetensors.IndexFileName} that lists them; copy or download it too."
            : Directory.EnumerateFiles(path, "pytorch_model-*.bin").Any()
                ? $"It holds shards, but no {WeightFormat.PyTorch.IndexFileName} that lists them; copy or download it too."
                : "Name a run or a model folder.";
        return new CheckpointException($"{path}: there is neither {string.Join(" nor ", WeightFormat.All.SelectMany(f => new[] { f.FileName, f.IndexFileName }))}. {advice}");
    }
}
