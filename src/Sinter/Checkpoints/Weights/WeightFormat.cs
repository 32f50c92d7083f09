using System.Globalization;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>A format that a model folder's weights can have: the names of its files, and how one is opened and written.</summary>
public sealed class WeightFormat
{
    private readonly string _stem, _extension;
    private readonly Func<string, TensorFile> _open;
    private readonly Func<string, IEnumerable<SafetensorsTensor>, FileHash> _write;

    private WeightFormat(string name, string stem, string extension, Func<string, TensorFile> open, Func<string, IEnumerable<SafetensorsTensor>, FileHash> write) =>
        (Name, _stem, _extension, _open, _write) = (name, stem, extension, open, write);

    /// <summary><c>model.safetensors</c>.</summary>
    public static WeightFormat Safetensors { get; } = new("safetensors", "model", ".safetensors", SafetensorsReader.Open, (path, tensors) => SafetensorsWriter.Write(path, tensors));

    /// <summary><c>pytorch_model.bin</c>.</summary>
    public static WeightFormat PyTorch { get; } =
        new("pt", "pytorch_model", ".bin", Checkpoints.PyTorch.PyTorchReader.Open, Checkpoints.PyTorch.PyTorchWriter.Write);

    /// <summary>All formats, the one that is taken first where a folder has several.</summary>
    public static IReadOnlyList<WeightFormat> All { get; } = [Safetensors, PyTorch];

    /// <summary>The name of the format in options.</summary>
    public string Name { get; }

    /// <summary>The name of an unsharded file.</summary>
    public string FileName => _stem + _extension;

    /// <summary>The name of the index of a sharded one.</summary>
    public string IndexFileName => FileName + ".index.json";

    /// <summary>The name of a shard.</summary>
    /// <param name="number">From 1 to <paramref name="count"/>.</param>
    /// <param name="count">The number of shards.</param>
    public string ShardName(int number, int count) => string.Create(CultureInfo.InvariantCulture, $"{_stem}-{number:00000}-of-{count:00000}{_extension}");

    /// <summary>Whether a name can be a shard's: of this format, in the same folder.</summary>
    internal bool IsShard(string name) => name.EndsWith(_extension, StringComparison.Ordinal) && name.AsSpan().IndexOfAny("/\\:\0") < 0 && name.Length <= 255;

    internal TensorFile Open(string path) => _open(path);

    internal FileHash Write(string path, IEnumerable<SafetensorsTensor> tensors) => _write(path, tensors);
}
