using System.Runtime.InteropServices;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Checkpoints.State;

/// <summary>Gives back what a <see cref="StateWriter"/> collected. What is asked for has to be there, and what is there has to be asked
/// for.</summary>
public sealed class StateReader : IDisposable
{
    private readonly Shared _shared;
    private readonly string _prefix;

    private StateReader(Shared shared, string prefix) => (_shared, _prefix) = (shared, prefix);

    /// <summary>Creates a reader of values and of a file of tensors, which it closes.</summary>
    internal StateReader(string path, Dictionary<string, object> values, SafetensorsReader tensors)
        : this(new Shared(path, values, tensors, new HashSet<string>(StringComparer.Ordinal)), "") { }

    /// <summary>A reader of the same state whose names all begin with <paramref name="name"/> and a point.</summary>
    public StateReader Section(string name) => new(_shared, $"{_prefix}{name}.");

    /// <summary>Whether there is a value or a tensor of that name; asking does not count as reading.</summary>
    public bool Has(string name) => _shared.Values.ContainsKey(_prefix + name) || _shared.Tensors.TryGet(_prefix + name, out _);

    /// <summary>A whole number.</summary>
    /// <exception cref="CheckpointException">It is missing or of another kind.</exception>
    public long Integer(string name) => Value<long>(name, "a whole number");

    /// <summary>A whole number without a sign.</summary>
    /// <exception cref="CheckpointException">It is missing or of another kind.</exception>
    public ulong Unsigned(string name) => Value<ulong>(name, "a whole number without a sign");

    /// <summary>A number, to the bit.</summary>
    /// <exception cref="CheckpointException">It is missing or of another kind.</exception>
    public double Number(string name) => Value<double>(name, "a number");

    /// <summary>True or false.</summary>
    /// <exception cref="CheckpointException">It is missing or of another kind.</exception>
    public bool Flag(string name) => Value<bool>(name, "true or false");

    /// <summary>A text.</summary>
    /// <exception cref="CheckpointException">It is missing or of another kind.</exception>
    public string Text(string name) => Value<string>(name, "a text");

    /// <summary>Numbers, to the bit.</summary>
    /// <exception cref="CheckpointException">They are missing or of another kind.</exception>
    public double[] Numbers(string name)
    {
        TensorEntry entry = Find(name);
        if (entry.DType != DType.Float64 || entry.Shape.Length != 1 || entry.Elements > Array.MaxLength / sizeof(double))
            throw Mismatch(entry, "a list of numbers");
        var values = new double[entry.Elements];
        _shared.Tensors.Read(entry, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Reads a tensor into memory, without a conversion.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The element type it has to have.</param>
    /// <param name="shape">The shape it has to have.</param>
    /// <param name="destination">Room for all elements.</param>
    /// <exception cref="CheckpointException">It is missing, or has another type or shape.</exception>
    public unsafe void Tensor(string name, DType type, ReadOnlySpan<long> shape, void* destination)
    {
        TensorEntry entry = Find(name);
        if (entry.DType != type || !entry.Shape.AsSpan().SequenceEqual(shape))
            throw Mismatch(entry, $"{SafetensorsTypes.Name(type)} {Quoted.Shape(shape)}");
        _shared.Tensors.CopyTo(entry, destination, type);
    }

    /// <summary>Counts everything of this section as read.</summary>
    public void Skip() =>
        _shared.Read.UnionWith(_shared.Values.Keys.Concat(_shared.Tensors.Entries.Select(e => e.Name)).Where(n => n.StartsWith(_prefix, StringComparison.Ordinal)));

    /// <summary>Checks that all of the state, of all sections, was read.</summary>
    /// <exception cref="CheckpointException">Something was not; the message names the first ten.</exception>
    public void Finish()
    {
        List<string> unread =
        [
            .. _shared.Values.Keys.Concat(_shared.Tensors.Entries.Select(e => e.Name))
                .Where(n => !_shared.Read.Contains(n)).Order(StringComparer.Ordinal),
        ];
        if (unread.Count > 0)
            throw new CheckpointException($"{_shared.Path}: nothing in this run takes up {string.Join(", ", unread.Take(10).Select(Quoted.Name))}"
                + $"{(unread.Count > 10 ? $" and {unread.Count - 10} more" : "")}. "
                + "The run was saved under another recipe or by another version: resume with those.");
    }

    /// <summary>Closes the file of tensors.</summary>
    public void Dispose() => _shared.Tensors.Dispose();

    private T Value<T>(string name, string kind)
    {
        string full = _prefix + name;
        if (!_shared.Values.TryGetValue(full, out object? value))
            throw Missing(full);
        _shared.Read.Add(full);
        return value is T found
            ? found
            : throw new CheckpointException($"{_shared.Path}: {Quoted.Name(full)} is not {kind}. "
                + "The run was saved by another version of Sinter: resume with that one.");
    }

    private TensorEntry Find(string name)
    {
        string full = _prefix + name;
        if (!_shared.Tensors.TryGet(full, out TensorEntry? entry))
            throw Missing(full);
        _shared.Read.Add(full);
        return entry;
    }

    private CheckpointException Missing(string full) =>
        new($"{_shared.Path}: {Quoted.Name(full)} is missing. The run was saved under another recipe or by another version: resume with those.");

    private CheckpointException Mismatch(TensorEntry entry, string expected) =>
        new($"{_shared.Tensors.Path}: {Quoted.Name(entry.Name)} is {SafetensorsTypes.Name(entry.DType)} {Quoted.Shape(entry.Shape.AsSpan())}, "
            + $"and {expected} was expected. "
            + "The run was saved under another recipe: resume with that one.");

    private sealed record Shared(string Path, Dictionary<string, object> Values, SafetensorsReader Tensors, HashSet<string> Read);
}
