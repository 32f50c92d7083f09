using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Memory;
using Sinter.Tensors.Profiling;

namespace Sinter.Tensors;

/// <summary>
/// Where tensors live and operations run: memory, the innermost <see cref="Scope"/> and the <see cref="Autodiff.Tape"/>. One thread at a time drives a
/// device; its kernels use as many threads as they were given.
/// </summary>
public abstract unsafe class Device : IDisposable
{
    private readonly Stack<TensorNode> _spareNodes = new();
    private readonly Stack<Scope> _spareScopes = new();
    private readonly Scope _root;
    private bool _disposed;

    /// <summary>Opens the outermost scope.</summary>
    protected Device()
    {
        _root = new Scope(this).Open("device", null);
        CurrentScope = _root;
        Tape = new Tape(this);
    }

    /// <summary>A short name, such as <c>cpu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether operations take their memory and compute nothing, see <see cref="CpuDevice.Rehearsal"/>.</summary>
    public virtual bool IsRehearsal => false;

    /// <summary>The innermost scope: the owner of tensors made now.</summary>
    public Scope CurrentScope { get; private set; }

    /// <summary>The record of operations for the backward pass.</summary>
    public Tape Tape { get; }

    /// <summary>The memory that tensors are made of.</summary>
    public MemoryPool Memory { get; } = new();

    /// <summary>Counts where the time of steps goes; null counts nothing.</summary>
    public OpProfile? Profile { get; set; }

    /// <summary>What lives as long as the device: weights, moments, tables.</summary>
    internal IEnumerable<TensorNode> Lasting => _root.Nodes;

    /// <summary>
    /// The type in which values that only matrix products read are best kept: that in which products read them. On a device that multiplies in bfloat16 it is
    /// bfloat16: the products round in any case, so nothing is lost, and what waits for the backward pass takes half the memory.
    /// </summary>
    public virtual DType OperandType => DType.Float32;

    /// <summary>Opens a scope; dispose it to return what was made in it.</summary>
    public Scope Scope(string name)
    {
        var scope = (_spareScopes.TryPop(out var spare) ? spare : new Scope(this)).Open(name, CurrentScope);
        CurrentScope = scope;
        return scope;
    }

    /// <summary>A tensor with undefined elements.</summary>
    public Tensor Empty(Shape shape, DType type = DType.Float32) => new(Rent(shape.Count * type.Size(), type, Lifetime.Step, CurrentScope), shape);

    /// <summary>A tensor of zeros.</summary>
    public Tensor Zeros(Shape shape, DType type = DType.Float32)
    {
        var tensor = Empty(shape, type);
        Clear(tensor.Pointer, tensor.ByteLength);
        return tensor;
    }

    /// <summary>A float32 tensor of the given elements.</summary>
    public Tensor From(ReadOnlySpan<float> elements, params ReadOnlySpan<long> extents)
    {
        var tensor = Empty(Checked(extents, elements.Length));
        elements.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>An int32 tensor of the given elements.</summary>
    public Tensor From(ReadOnlySpan<int> elements, params ReadOnlySpan<long> extents)
    {
        var tensor = Empty(Checked(extents, elements.Length), DType.Int32);
        elements.CopyTo(tensor.Int32Span);
        return tensor;
    }

    /// <summary>A zeroed tensor of exact size that lives as long as the device and takes gradients: a weight, or (without gradients) a moment.
    /// Operations take float32; updates take float64 too.</summary>
    public Tensor Parameter(Shape shape, bool requiresGrad = true, DType type = DType.Float32) => MakeParameter(shape, requiresGrad, type, isCleared: true);

    /// <summary>A parameter whose elements are undefined until they are written: for weights that a file gives.</summary>
    public Tensor UnsetParameter(Shape shape, bool requiresGrad = true) => MakeParameter(shape, requiresGrad, DType.Float32, isCleared: false);

    private Tensor MakeParameter(Shape shape, bool requiresGrad, DType type, bool isCleared)
    {
        var node = Rent(shape.Count * type.Size(), type, Lifetime.Device, _root);
        node.RequiresGrad = requiresGrad;
        node.Kept = true;
        if (isCleared) Clear(node.Pointer, node.Bytes);
        return new Tensor(node, shape);
    }

    /// <summary>
    /// Keeps what matrix products make of weights (<see cref="Parameter"/>) for the next product, until the result is disposed: with
    /// <see cref="Precision.BFloat16"/>, panels of half the weights' size for each way that a weight is read, so that generation reads two
    /// bytes per weight and micro-batches convert weights once. It changes no bit of any result. Holds may be nested; the outermost gives
    /// the memory back.
    /// </summary>
    /// <remarks>An update (<see cref="Updates.MultiTensor.Update"/>) and access through <see cref="Tensor.Span"/> or
    /// <see cref="Tensor.Pointer"/> are noticed: what was kept is made anew. A span or pointer taken before, and written to while weights are
    /// held, is not. Weights made while a hold is open are not held.</remarks>
    /// <param name="limitBytes">The most memory to take; null is half of what the system has left. What does not fit is not kept.</param>
    /// <param name="frozenOnly">Whether only what takes no gradient is held: through the steps of a training in which most of the model is frozen.</param>
    public WeightHold HoldWeights(long? limitBytes = null, bool frozenOnly = false)
    {
        if (limitBytes < 0) throw new ArgumentOutOfRangeException(nameof(limitBytes), limitBytes, "A limit in bytes is 0 or more.");
        BeginHold(limitBytes, frozenOnly);
        return new WeightHold(this);
    }

    /// <summary>Changes with each change of the weights while they are held (<see cref="HoldWeights"/>): what was made of them under the same number still
    /// holds. 0 where they are not held, and nobody tells.</summary>
    public abstract long HoldEpoch { get; }

    internal abstract void BeginHold(long? limitBytes, bool frozenOnly);

    internal abstract void EndHold();

    /// <summary>Says that elements of weights may have changed: what was kept of them is void.</summary>
    internal abstract void WeightsChanged();

    /// <summary>Sets <paramref name="bytes"/> bytes to zero.</summary>
    internal abstract void Clear(void* block, long bytes);

    /// <summary>Copies bytes between blocks of this device.</summary>
    internal abstract void Copy(void* destination, void* source, long bytes);

    /// <summary>Waits until everything launched is done.</summary>
    public abstract void Synchronize();

    /// <summary>Returns all memory; tensors of the device are dead.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Tape.Clear();
        for (var scope = CurrentScope; scope is not null; scope = scope.Parent) scope.ReleaseAll();
        Memory.Dispose();
        DisposeCore();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the derived device holds.</summary>
    protected virtual void DisposeCore() { }

    internal TensorNode Rent(long bytes, DType type, Lifetime lifetime, Scope? owner)
    {
        var node = _spareNodes.TryPop(out var spare) ? spare : new TensorNode(this);
        node.Pointer = Memory.Rent(bytes, lifetime);
        node.Bytes = bytes;
        node.DType = type;
        node.Lifetime = lifetime;
        node.RequiresGrad = node.GradFilled = node.Kept = false;
        node.Grad = null;
        owner?.Add(node);
        return node;
    }

    /// <summary>Returns the buffer and the gradient of <paramref name="node"/>; handles on it are dead from now on.</summary>
    internal void Release(TensorNode node)
    {
        if (node.Pointer is null && node.Maker is null) return;
        if (node.Pointer is not null) Memory.Return(node.Pointer, node.Bytes, node.Lifetime);
        node.Maker = null;
        node.LastOwner = node.Owner?.Name ?? node.LastOwner;
        node.Pointer = null;
        node.Owner = null;
        node.Stamp++;
        if (node.Grad is { } grad)
        {
            node.Grad = null;
            Release(grad);
            Recycle(grad);
        }
    }

    /// <summary>Takes a released node for reuse, once no list holds it.</summary>
    internal void Recycle(TensorNode node) => _spareNodes.Push(node);

    internal void Leave(Scope parent)
    {
        _spareScopes.Push(CurrentScope);
        CurrentScope = parent;
    }

    private static Shape Checked(ReadOnlySpan<long> extents, int count)
    {
        var shape = extents.Length == 0 ? new Shape(count) : new Shape(extents);
        return shape.Count == count ? shape : throw new ArgumentException($"[from] the shape {shape} has {shape.Count} elements; {count} were given.");
    }
}
