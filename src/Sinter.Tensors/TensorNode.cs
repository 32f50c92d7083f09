using Sinter.Tensors.Memory;

namespace Sinter.Tensors;

/// <summary>A buffer with its gradient: what tensor handles point to. Nodes are reused; the stamp tells a handle that its buffer has gone.</summary>
internal sealed unsafe class TensorNode(Device device)
{
    public readonly Device Device = device;
    public void* Pointer;
    public long Bytes;
    public DType DType;
    public uint Stamp;
    public Lifetime Lifetime;
    public bool RequiresGrad;
    public bool GradFilled;

    /// <summary>Whether the backward pass leaves the buffer alone because its owner is not the step's tape.</summary>
    public bool Kept;

    /// <summary>Whether products may have kept panels of this weight: who may write to it says so, see <see cref="Device.WeightsChanged"/>.</summary>
    public bool Held;

    /// <summary>The gradient's node, or null.</summary>
    public TensorNode? Grad;

    /// <summary>The scope that returns the buffer, or null once it went back.</summary>
    public Scope? Owner;

    /// <summary>The operation that makes the elements again, where their buffer was given back early (<see cref="Autodiff.Tape.Drop"/>); else null.</summary>
    public Autodiff.TapeEntry? Maker;

    public string LastOwner = "";

    /// <summary>The buffer, with its elements made again if they were dropped.</summary>
    public void* Elements()
    {
        if (Maker is { } maker) Device.Tape.Remake(this, maker);
        return Pointer;
    }

    /// <summary>The call of a profile that counted this buffer last.</summary>
    public long ProfiledCall = -1;
}
