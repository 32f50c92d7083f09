using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sinter.Tensors;

/// <summary>
/// A contiguous, row-major array of numbers on a device: a small handle on a pooled buffer. Nobody disposes tensors: what a
/// <see cref="Memory.Scope"/> made goes back to the pool when it ends, and a handle used after that is an error that names the operation and the scope.
/// </summary>
/// <remarks>A reshape or a slice of the first dimension is another handle on the same buffer, and its gradient the same part of the buffer's gradient.</remarks>
public readonly unsafe struct Tensor
{
    internal readonly TensorNode? Node;
    private readonly uint _stamp;
    internal readonly long Offset;

    internal Tensor(TensorNode node, Shape shape, long offset = 0)
    {
        Node = node;
        _stamp = node.Stamp;
        Shape = shape;
        Offset = offset;
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>Whether this is no tensor: the default value, used for optional operands.</summary>
    public bool IsNone => Node is null;

    /// <summary>The element type.</summary>
    public DType DType => Live().DType;

    /// <summary>The device that holds the elements.</summary>
    public Device Device => Live().Device;

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>Whether gradients flow to this tensor.</summary>
    public bool RequiresGrad => Node is not null && Live().RequiresGrad;

    /// <summary>Whether a gradient was accumulated since the last <see cref="ZeroGrad"/>.</summary>
    public bool HasGrad => Live().GradFilled;

    /// <summary>The accumulated gradient, of this tensor's shape.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Tensor Grad
    {
        get
        {
            var node = Live();
            return node.GradFilled ? new Tensor(node.Grad!, Shape, Offset)
                : throw new InvalidOperationException($"The tensor {Shape} has no gradient: call Backward on a loss that depends on it first.");
        }
    }

    /// <summary>The elements as float32.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not float32 or has more than 2³¹ elements.</exception>
    public Span<float> Span => new(Touched().Data<float>(DType.Float32), checked((int)Count));

    /// <summary>The elements as int32.</summary>
    public Span<int> Int32Span => new(Data<int>(DType.Int32), checked((int)Count));

    /// <summary>The value of a tensor with one float32 element.</summary>
    public float Item => Count == 1 ? Span[0] : throw new InvalidOperationException($"[item] the tensor {Shape} has {Count} elements, not one.");

    /// <summary>The address of the first element, for kernels and files.</summary>
    public void* Pointer => (byte*)Touched().Live().Elements() + Offset * Live().DType.Size();

    /// <summary>Bytes of the elements.</summary>
    public long ByteLength => Count * DType.Size();

    /// <summary>The same elements under another shape.</summary>
    /// <exception cref="ArgumentException">The counts of elements differ.</exception>
    public Tensor Reshape(params ReadOnlySpan<long> extents) => Reshape(new Shape(extents));

    /// <inheritdoc cref="Reshape(ReadOnlySpan{long})"/>
    public Tensor Reshape(Shape shape)
    {
        if (shape.Count != Count) throw new ArgumentException($"[reshape] {Shape} has {Count} elements and {shape} has {shape.Count}.");
        return new Tensor(Live(), shape, Offset);
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> − 1 of the first dimension.</summary>
    public Tensor Slice(long start, long count)
    {
        if (Shape.Rank == 0 || start < 0 || count < 0 || start + count > Shape[0])
            throw new ArgumentOutOfRangeException(nameof(start), $"[slice] rows {start} to {start + count - 1} are not in {Shape}.");
        Span<long> extents = stackalloc long[Shape.Rank];
        for (int i = 0; i < extents.Length; i++) extents[i] = Shape[i];
        extents[0] = count;
        long row = Shape[0] == 0 ? 0 : Count / Shape[0];
        return new Tensor(Live(), new Shape(extents), Offset + start * row);
    }

    /// <summary>Says that gradients flow to this tensor, which no operation made: a parameter.</summary>
    public Tensor WithGrad(bool requiresGrad = true)
    {
        Live().RequiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Forgets the accumulated gradient: the next contribution overwrites it, and the memory of a large one serves others until then.</summary>
    public void ZeroGrad() => Live().Device.Tape.ZeroGrad(Live());

    /// <summary>Computes the gradients of this scalar with respect to all that it was made from.</summary>
    /// <exception cref="InvalidOperationException">This is not one float32 element, or no tape recorded it.</exception>
    public void Backward() => Live().Device.Tape.Backward(this);

    /// <summary>Copies the elements into a new array.</summary>
    public float[] ToArray() => Span.ToArray();

    /// <summary>Shape and type.</summary>
    public override string ToString() => Node is null ? "none" : $"{DType} {Shape}";

    /// <summary>This tensor, whose elements someone outside the operations may now write.</summary>
    private Tensor Touched()
    {
        if (Node is { Held: true }) Node.Device.WeightsChanged();
        return this;
    }

    internal T* Data<T>(DType type, [CallerMemberName] string op = "") where T : unmanaged
    {
        var node = Live(op);
        if (node.DType != type) throw new InvalidOperationException($"[{op}] needs {type} and got {node.DType} {Shape}.");
        node.Device.Profile?.Touch(node, ByteLength);
        return (T*)node.Elements() + Offset;
    }

    internal float* F32([CallerMemberName] string op = "") => Data<float>(DType.Float32, op);

    /// <summary>The node, if its buffer is still this tensor's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TensorNode Live([CallerMemberName] string op = "")
    {
        var node = Node;
        if (node is null || node.Stamp != _stamp) ThrowDead(node, op);
        return node;
    }

    [DoesNotReturn]
    private void ThrowDead(TensorNode? node, string op) => throw new InvalidOperationException(node is null
        ? $"[{op}] needs a tensor and got none."
        : $"[{op}] the tensor {Shape} was used after its scope '{node.LastOwner}' returned it to the pool; keep it with Scope.Keep.");
}
