using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Autodiff;

/// <summary>
/// The record of operations, in order, and the walk back over it. An operation's output is used only by later operations, so once its own backward function
/// has run, the output, its gradient and what it saved go back to the pool at once.
/// </summary>
/// <remarks>There is no double backward: gradients are not recorded.</remarks>
public sealed unsafe class Tape
{
    private const long WorthDropping = 1 << 20;   // bytes: less is in the cache, where reading it costs less than making it
    private readonly Device _device;
    private readonly List<TapeEntry> _entries = [];
    private int _count;
    private int _paused;

    internal Tape(Device device) => _device = device;

    /// <summary>Whether operations are recorded now.</summary>
    public bool IsRecording => _paused == 0;

    /// <summary>Operations recorded since the last backward pass.</summary>
    public int Count => _count;

    /// <summary>Stops recording until the result is disposed: for evaluation, generation and updates.</summary>
    public PauseToken Pause()
    {
        _paused++;
        return new PauseToken(this);
    }

    /// <summary>Records an operation if some input wants a gradient; the output then wants one too.</summary>
    /// <param name="function">The backward function, a static method held in a static field.</param>
    /// <param name="output">What the operation made.</param>
    /// <param name="inputs">Inputs and saved tensors in the order in which the backward function asks for them.</param>
    /// <returns>The entry, to store numbers in; or null where nothing is recorded.</returns>
    public TapeEntry? Record(BackwardFunction function, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        if (!WouldRecord(inputs)) return null;
        output.Live().RequiresGrad = true;
        var entry = Append(function, output, _device.Profile?.Op);
        foreach (ref readonly var input in inputs) entry.Add(input);
        return entry;
    }

    /// <summary>Whether an operation on these inputs is recorded: what only its backward function reads need not be made otherwise.</summary>
    public bool WouldRecord(params ReadOnlySpan<Tensor> inputs)
    {
        if (_paused > 0) return false;
        foreach (ref readonly var input in inputs)
            if (input.RequiresGrad) return true;
        return false;
    }

    /// <summary>
    /// <paramref name="segment"/> of <paramref name="input"/>. Where no operation in it is recorded, because nothing in it is trained and nothing before it,
    /// what it made beside the output goes back at once: frozen layers below the lowest trained one hold no activations.
    /// </summary>
    /// <param name="segment">The part of the model.</param>
    /// <param name="input">What it begins with.</param>
    /// <param name="arguments">Passed on.</param>
    public Tensor Run<T>(Segment<T> segment, Tensor input, in T arguments)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (WouldRecord(input)) return segment(input, arguments);
        int first = _count;
        var scope = _device.Scope("block");
        try
        {
            var output = segment(input, arguments);
            if (_count == first) return scope.Keep(output);
            scope.Dissolve();
            for (int i = first; i < _count; i++) _entries[i].Scope = _device.CurrentScope;
            return output;
        }
        finally
        {
            if (_device.CurrentScope == scope) scope.Dispose();
        }
    }

    /// <summary>
    /// <paramref name="segment"/> of <paramref name="input"/>, of which the tape keeps the input alone: the backward pass computes the segment again,
    /// then walks back over it. Gradients are bit for bit those without. Where nothing is recorded it is the segment itself.
    /// </summary>
    /// <remarks>Activation checkpointing (Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear memory cost", 2016, section 4.1): a step
    /// holds the inputs of all segments and the activations of one, for one more forward pass.</remarks>
    /// <param name="segment">Computes the same for the same input and arguments each time; held in a field, so that recording allocates nothing.</param>
    /// <param name="input">What it begins with. Other tensors that it reads are weights.</param>
    /// <param name="arguments">Passed on both times.</param>
    public Tensor Checkpoint<T>(Segment<T> segment, Tensor input, in T arguments)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (!IsRecording) return segment(input, arguments);
        Tensor output;
        bool isMade;
        using (var scope = _device.Scope(Recomputation.Name))
        {
            output = segment(input, arguments);
            isMade = scope.Hand(output.Live());
        }
        if (isMade && output.RequiresGrad) Recomputation<T>.Record(Append(Recomputation<T>.Function, output, Recomputation.Name), segment, input, arguments);
        return output;
    }

    /// <summary>Walks back from <paramref name="loss"/>, one float32 element, and empties the tape.</summary>
    internal void Backward(Tensor loss)
    {
        if (loss.Count != 1 || loss.DType != DType.Float32) throw new InvalidOperationException($"[backward] needs one float32 element and got {loss}.");
        if (!loss.RequiresGrad) throw new InvalidOperationException("[backward] no recorded operation leads from a parameter to this loss.");
        var root = loss.Live();
        if (!Made(root)) throw new InvalidOperationException("[backward] the tape does not hold this loss any more: a backward pass empties it. Add losses that share operations before the pass.");
        root.Kept = true;
        GradTarget(loss, out _).F32()[0] = 1;
        _paused++;
        var profile = _device.Profile;
        profile?.Saved(_device.Memory.UsedBytes - _device.Memory.ExactBytes);
        try
        {
            WalkTo(0);
        }
        finally
        {
            _count = 0;
            _paused--;
            profile?.EndBackward();
        }
    }

    /// <summary>Records a segment again behind the entry whose backward function runs, and walks back over it.</summary>
    internal void Recompute<T>(TapeEntry entry, Segment<T> segment, in T arguments)
    {
        int first = _count, paused = _paused;
        using var scope = _device.Scope(Recomputation.Name);
        _device.Profile?.EndBackward();
        _paused = 0;
        Tensor again;
        try
        {
            again = segment(entry[0], arguments);
        }
        finally
        {
            _paused = paused;
        }
        Give(entry.Output, again);
        WalkTo(first);
    }

    /// <summary>
    /// Says that the forward pass reads <paramref name="value"/> no more: where its operation can make it again for little, its buffer goes back to the pool
    /// until the backward pass asks for it. Small values stay, and so do those of other operations.
    /// </summary>
    public void Drop(Tensor value)
    {
        var node = value.Live();
        if (node.Bytes < WorthDropping || node.Kept || node.Maker is not null) return;
        int at = _count - 1;
        while (at >= 0 && _entries[at].Output.Node != node) at--;
        if (at < 0 || _entries[at].Remake is null) return;
        _device.Memory.Return(node.Pointer, node.Bytes, node.Lifetime);
        node.Pointer = null;
        node.Maker = _entries[at];
    }

    internal void Remake(TensorNode node, TapeEntry maker)
    {
        node.Maker = null;
        node.Pointer = _device.Memory.Rent(node.Bytes, node.Lifetime);
        maker.Remake!(maker);
    }

    internal void Clear() => _count = 0;

    private TapeEntry Append(BackwardFunction function, Tensor output, string? op)
    {
        if (_count == _entries.Count) _entries.Add(new TapeEntry());
        var entry = _entries[_count++];
        entry.Reset(function, output, _device.CurrentScope);
        entry.Op = op;
        return entry;
    }

    /// <summary>Walks back until <paramref name="first"/> entries are left; one stays until its function has run, which may record more behind it.</summary>
    private void WalkTo(int first)
    {
        for (; _count > first; _count--)
        {
            var entry = _entries[_count - 1];
            _device.Profile?.BeginBackward(entry.Op);
            var output = entry.Output.Live();
            if (output.GradFilled) entry.Function(entry);
            entry.ReleaseTemporaries(_device);
            if (!output.Kept) _device.Release(output);
        }
    }

    private bool Made(TensorNode node)
    {
        for (int i = _count - 1; i >= 0; i--)
            if (_entries[i].Output.Node == node) return true;
        return false;
    }

    /// <summary>Drops the newest operations that were recorded in <paramref name="scope"/>, whose tensors are about to go.</summary>
    internal void Forget(Memory.Scope scope)
    {
        while (_count > 0 && _entries[_count - 1].Scope == scope) _count--;
    }

    internal Tensor GradTarget(Tensor tensor, out bool accumulate)
    {
        var node = tensor.Live();
        var type = node.DType == DType.Float64 ? DType.Float64 : DType.Float32;   // gradients are float32, save of what only updates take
        long elements = node.Bytes / node.DType.Size(), bytes = elements * type.Size();
        bool whole = tensor.Count == elements;
        FindRoom(node, bytes, type);
        if (!node.GradFilled && !whole) _device.Clear(node.Grad!.Pointer, bytes);
        accumulate = node.GradFilled || !whole;
        node.GradFilled = true;
        if (accumulate) _device.Profile?.AddBytes(tensor.Count * type.Size());
        return new Tensor(node.Grad!, tensor.Shape, tensor.Offset);
    }

    private void FindRoom(TensorNode node, long bytes, DType type)
    {
        var lifetime = node.Lifetime == Lifetime.Device ? Lifetime.Gradient : node.Lifetime;
        if (node.Grad is not { } grad) node.Grad = _device.Rent(bytes, type, lifetime, owner: null);
        else if (grad.Pointer is null) grad.Pointer = _device.Memory.Rent(bytes, lifetime);
    }

    /// <summary>Forgets the gradient of a node; the memory of a large one goes back to the pool until the next one is made.</summary>
    internal void ZeroGrad(TensorNode node)
    {
        node.GradFilled = false;
        if (node.Grad is not { } grad || grad.Pointer is null || !MemoryPool.IsInHeap(grad.Bytes, grad.Lifetime)) return;
        _device.Memory.Return(grad.Pointer, grad.Bytes, grad.Lifetime);
        grad.Pointer = null;
        grad.Stamp++;   // handles on it are dead
        grad.LastOwner = "gradients";
    }

    internal void Give(Tensor output, Tensor input)
    {
        var from = output.Live();
        var to = input.Live();
        if (!to.RequiresGrad) return;
        if (!to.GradFilled && !to.Kept && !from.Kept && from.Bytes == to.Bytes && from.DType == to.DType && to.Grad is null)
        {
            (to.Grad, from.Grad) = (from.Grad, null);
            (to.GradFilled, from.GradFilled) = (true, false);
            return;
        }
        var target = GradTarget(input, out bool accumulate);
        Kernels.Elementwise.AddOrCopy(CpuDevice.Of(output, "give"), target.F32(), new Tensor(from.Grad!, output.Shape, output.Offset).F32(), output.Count, accumulate);
    }

    /// <summary>Resumes recording when disposed.</summary>
    public readonly struct PauseToken : IDisposable
    {
        private readonly Tape _tape;

        internal PauseToken(Tape tape) => _tape = tape;

        /// <inheritdoc/>
        public void Dispose() => _tape._paused--;
    }
}
