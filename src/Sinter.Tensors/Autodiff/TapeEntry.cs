using System.Runtime.InteropServices;

namespace Sinter.Tensors.Autodiff;

/// <summary>The gradient of one operation: reads the output's gradient from the entry and adds to the inputs' gradients.</summary>
/// <remarks>A static method: an operation's numbers travel in <see cref="TapeEntry.Set{T}"/>, so that recording allocates nothing.</remarks>
public delegate void BackwardFunction(TapeEntry entry);

/// <summary>One recorded operation. Entries are reused from step to step.</summary>
public sealed class TapeEntry
{
    private const int MaxTensors = 12;
    private const int MaxTemporaries = 4;
    private const int ArgumentBytes = 160;
    private readonly Tensor[] _inputs = new Tensor[MaxTensors];
    private readonly byte[] _arguments = new byte[ArgumentBytes];
    private readonly Tensor[] _temporaries = new Tensor[MaxTemporaries];
    private int _count;
    private int _temporaryCount;

    internal BackwardFunction Function = null!;

    /// <summary>The operation that was profiled when this was recorded, or null.</summary>
    internal string? Op;

    /// <summary>What <see cref="Recomputation{T}"/> needs, kept from step to step.</summary>
    internal object? Recomputation;

    /// <summary>Makes the output's elements again from the inputs, the same bits; null where the operation can't or it is not worth it.</summary>
    internal BackwardFunction? Remake;

    /// <summary>The scope that was innermost when the operation was recorded.</summary>
    internal Memory.Scope Scope = null!;

    /// <summary>What the operation made.</summary>
    public Tensor Output { get; internal set; }

    /// <summary>The gradient that arrived at the output; its buffer may be given to an input with <see cref="Give"/>.</summary>
    public Tensor OutputGrad => Output.Grad;

    /// <summary>Input or saved tensor number <paramref name="index"/>, in the order of recording; none if it was none.</summary>
    public Tensor this[int index] => _inputs[index];

    /// <summary>Stores the operation's numbers.</summary>
    /// <typeparam name="T">A struct of numbers, of at most 160 bytes.</typeparam>
    public TapeEntry Set<T>(in T arguments) where T : unmanaged
    {
        MemoryMarshal.Write(_arguments, arguments);
        return this;
    }

    /// <summary>The numbers that <see cref="Set{T}"/> stored.</summary>
    public T Get<T>() where T : unmanaged => MemoryMarshal.Read<T>(_arguments);

    /// <summary>Where to put the gradient of input <paramref name="index"/>, of that input's shape.</summary>
    /// <param name="index">The input.</param>
    /// <param name="accumulate">Whether to add to what is there; otherwise every element must be written.</param>
    public Tensor GradTarget(int index, out bool accumulate)
    {
        var input = _inputs[index];
        return input.Live().Device.Tape.GradTarget(input, out accumulate);
    }

    /// <summary>Whether input <paramref name="index"/> wants a gradient.</summary>
    public bool Wants(int index) => _inputs[index].RequiresGrad;

    /// <summary>
    /// Makes the output's gradient the gradient of input <paramref name="index"/>, of the same count of elements: without a copy where it is the first
    /// contribution. Must come after the last use of <see cref="OutputGrad"/>.
    /// </summary>
    public void Give(int index) => Output.Live().Device.Tape.Give(Output, _inputs[index]);

    /// <summary>Says that <paramref name="temporary"/>, made by this operation and no one else's, goes back to the pool after its backward function.</summary>
    public TapeEntry Owns(Tensor temporary)
    {
        _temporaries[_temporaryCount++] = temporary;
        return this;
    }

    internal void Add(Tensor tensor) => _inputs[_count++] = tensor;

    internal void Reset(BackwardFunction function, Tensor output, Memory.Scope scope)
    {
        Scope = scope;
        Function = function;
        Remake = null;
        Output = output;
        _count = _temporaryCount = 0;
    }

    internal void ReleaseTemporaries(Device device)
    {
        for (int i = 0; i < _temporaryCount; i++) device.Release(_temporaries[i].Live());
        _temporaryCount = 0;
    }
}
