using System.Runtime.InteropServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Checkpoints.State;

/// <summary>Collects what a training run has to remember: named numbers, texts and tensors, kept to the bit.</summary>
/// <remarks>Tensors given by pointer are not copied: their memory has to stay as it is until the state is written.</remarks>
public sealed class StateWriter
{
    private readonly string _prefix;

    /// <summary>Creates an empty state.</summary>
    public StateWriter() : this("", [], []) { }

    private StateWriter(string prefix, SortedDictionary<string, object> values, Dictionary<string, SafetensorsTensor> tensors) =>
        (_prefix, Values, NamedTensors) = (prefix, values, tensors);

    /// <summary>The scalars and texts, by full name: <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="bool"/> or
    /// <see cref="string"/>.</summary>
    internal SortedDictionary<string, object> Values { get; }

    /// <summary>The tensors, by full name.</summary>
    internal Dictionary<string, SafetensorsTensor> NamedTensors { get; }

    /// <summary>A writer into the same state whose names all begin with <paramref name="name"/> and a point.</summary>
    public StateWriter Section(string name) => new($"{_prefix}{name}.", Values, NamedTensors);

    /// <summary>Remembers a whole number.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Integer(string name, long value) => Add(name, value);

    /// <summary>Remembers a whole number of 64 bits without a sign.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Unsigned(string name, ulong value) => Add(name, value);

    /// <summary>Remembers a number, to the bit; infinities and NaN too.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Number(string name, double value) => Add(name, value);

    /// <summary>Remembers true or false.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Flag(string name, bool value) => Add(name, value);

    /// <summary>Remembers a text.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Text(string name, string value) => Add(name, value);

    /// <summary>Remembers numbers, to the bit; they are copied.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Numbers(string name, ReadOnlySpan<double> values) =>
        Add(SafetensorsTensor.FromMemory(_prefix + name, DType.Float64, [values.Length], MemoryMarshal.AsBytes(values).ToArray()));

    /// <summary>Remembers a tensor that lies at <paramref name="data"/>, contiguous; it is not copied.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the shape impossible.</exception>
    public unsafe void Tensor(string name, DType type, ReadOnlySpan<long> shape, void* data) =>
        Add(SafetensorsTensor.FromPointer(_prefix + name, type, shape, data));

    private void Add(string name, object value)
    {
        if (NamedTensors.ContainsKey(_prefix + name) || !Values.TryAdd(_prefix + name, value))
            throw new ArgumentException($"The state already has '{_prefix}{name}'.", nameof(name));
    }

    private void Add(SafetensorsTensor tensor)
    {
        if (Values.ContainsKey(tensor.Name) || !NamedTensors.TryAdd(tensor.Name, tensor))
            throw new ArgumentException($"The state already has '{tensor.Name}'.", nameof(tensor));
    }
}
