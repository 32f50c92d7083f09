using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>Writes the weights of a model folder, in one file or in shards with an index, as <c>transformers</c> does.</summary>
public static class WeightsWriter
{
    /// <summary>The limit of a file where none is given: what <c>transformers</c> 5 takes.</summary>
    public const long DefaultShardBytes = 50_000_000_000;

    /// <summary>Writes the weights.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="format">The format.</param>
    /// <param name="tensors">The tensors, in the order of the files.</param>
    /// <param name="maxShardBytes">The most bytes of weights in one file; a tensor that is larger has a file of its own.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1; null for none.</param>
    /// <returns>Length and hash of each file written, by name.</returns>
    /// <exception cref="CheckpointException">A file can't be written.</exception>
    public static IReadOnlyDictionary<string, FileHash> Write(
        string folder, WeightFormat format, IReadOnlyList<SafetensorsTensor> tensors, long maxShardBytes = DefaultShardBytes, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardBytes, 1);
        List<List<SafetensorsTensor>> shards = Split(Observed(tensors, progress), maxShardBytes);
        var files = new Dictionary<string, FileHash>(StringComparer.Ordinal);
        for (int i = 0; i < shards.Count; i++)
        {
            string name = shards.Count == 1 ? format.FileName : format.ShardName(i + 1, shards.Count);
            files[name] = format.Write(Path.Combine(folder, name), shards[i]);
        }
        if (shards.Count > 1) files[format.IndexFileName] = WriteIndex(folder, format, shards);
        return files;
    }

    private static IReadOnlyList<SafetensorsTensor> Observed(IReadOnlyList<SafetensorsTensor> tensors, IProgress<double>? progress)
    {
        if (progress is null) return tensors;
        long done = 0, total = Math.Max(1, tensors.Sum(t => t.ByteLength));
        return [.. tensors.Select(t => t.Observed(bytes => progress.Report((double)(done += bytes) / total)))];
    }

    private static List<List<SafetensorsTensor>> Split(IReadOnlyList<SafetensorsTensor> tensors, long most)
    {
        var shards = new List<List<SafetensorsTensor>> { new() };
        long bytes = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (shards[^1].Count > 0 && bytes > most - tensor.ByteLength)
            {
                shards.Add([]);
                bytes = 0;
            }
            shards[^1].Add(tensor);
            bytes += tensor.ByteLength;
        }
        return shards;
    }

    private static FileHash WriteIndex(string folder, WeightFormat format, List<List<SafetensorsTensor>> shards) =>
        JsonFile.Write(Path.Combine(folder, format.IndexFileName), json =>
        {
            json.WriteStartObject("metadata");
            json.WriteNumber("total_parameters", shards.Sum(shard => shard.Sum(t => t.ByteLength * 8 / t.DType.Bits())));
            json.WriteNumber("total_size", shards.Sum(shard => shard.Sum(t => t.ByteLength)));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            var places = shards.SelectMany((shard, i) => shard.Select(t => (t.Name, File: format.ShardName(i + 1, shards.Count))));
            foreach (var (name, file) in places.OrderBy(p => p.Name, StringComparer.Ordinal)) json.WriteString(name, file);
            json.WriteEndObject();
        });
}
