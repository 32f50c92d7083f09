using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>A file of named tensors, open for reading. What it says of itself is checked in full when it is opened; values are read when
/// asked for.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public abstract class TensorFile : IDisposable
{
    private readonly Dictionary<string, TensorEntry> _byName;

    private protected TensorFile(PositionalFile file, ImmutableArray<TensorEntry> entries)
    {
        (Source, Entries) = (file, entries);
        _byName = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>The file, as it was given when it was opened.</summary>
    public string Path => Source.Path;

    /// <summary>What the format is called: <c>safetensors</c>, <c>PyTorch</c>.</summary>
    public abstract string Format { get; }

    /// <summary>The tensors in the order of the file.</summary>
    public ImmutableArray<TensorEntry> Entries { get; }

    /// <summary>What the file says besides its tensors; empty if nothing.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    private protected PositionalFile Source { get; }

    /// <summary>Opens a safetensors file, or one that <c>torch.save</c> wrote: its first bytes tell which.</summary>
    /// <exception cref="CheckpointException">The file can't be read, is damaged or of an unknown kind, or holds what is refused.</exception>
    public static TensorFile Open(string path) => PositionalFile.Open<TensorFile>(path, file =>
        PyTorch.PyTorchReader.IsPyTorch(file) ? PyTorch.PyTorchReader.Of(file) : SafetensorsReader.Of(file));

    /// <summary>The entry of that name, if the file has it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>The entry of that name.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor.</exception>
    public TensorEntry Get(string name) => TryGet(name, out TensorEntry? entry)
        ? entry
        : throw new CheckpointException($"{Path}: it holds no tensor {Quoted.Name(name)}. "
            + $"It holds {Entries.Length} tensors; check that it is the right file.");

    /// <summary>Reads a whole tensor into memory, row-major: unchanged when <paramref name="wanted"/> is its type, else converted to
    /// float32.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="destination">Room for <see cref="TensorEntry.Elements"/> elements of <paramref name="wanted"/>.</param>
    /// <param name="wanted">The entry's own type, or <see cref="DType.Float32"/> for an entry of another floating-point type.</param>
    /// <exception cref="CheckpointException">The file can't be read, is damaged or has become shorter, there is no such conversion, or a
    /// finite float64 has no finite float32.</exception>
    public unsafe void CopyTo(TensorEntry entry, void* destination, DType wanted) =>
        Copy(entry, 0, entry.Elements, (byte*)destination, wanted);

    /// <summary>Reads a whole floating-point tensor as float32.</summary>
    /// <exception cref="CheckpointException">As <see cref="CopyTo"/>; or the tensor is larger than one array can be.</exception>
    public unsafe float[] ReadFloat32(TensorEntry entry)
    {
        if (entry.Elements > Array.MaxLength)
            throw new CheckpointException($"{Path}: tensor {Quoted.Name(entry.Name)} has {entry.Elements} elements, too many for one array.");
        var values = new float[entry.Elements];
        fixed (float* destination = values)
            CopyTo(entry, destination, DType.Float32);
        return values;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Source.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How many elements one call of <see cref="Copy"/> should take, so that threads can share a tensor; all of them where it can't
    /// be read in parts.</summary>
    internal abstract long PartOf(TensorEntry entry);

    /// <summary>Reads <paramref name="count"/> elements from element <paramref name="start"/> on, a multiple of <see cref="PartOf"/>.</summary>
    internal abstract unsafe void Copy(TensorEntry entry, long start, long count, byte* destination, DType wanted);

    private protected CheckpointException NotOfType(TensorEntry entry, DType wanted) =>
        new($"{Path}: tensor {Quoted.Name(entry.Name)} is {SafetensorsTypes.Name(entry.DType)}, and "
            + $"{SafetensorsTypes.Name(wanted)} was expected. Convert it, or check that it is the right file.");

    private protected CheckpointException OutOfRange(TensorEntry entry) =>
        new($"{Path}: tensor {Quoted.Name(entry.Name)} holds a float64 beyond the range of float32. "
            + "The weights are damaged, or have to be rescaled before they are stored.");
}
