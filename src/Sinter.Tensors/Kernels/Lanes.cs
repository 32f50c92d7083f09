using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// Which of sixteen lanes a step of a kernel works on, known when it is compiled: the loop over whole vectors must hold no call, since every vector
/// register would be saved around it. A kernel writes its step once, runs it with <see cref="AllLanes"/> in the loop and with <see
/// cref="FirstLanes"/> after it.
/// </summary>
internal unsafe interface ILanes
{
    /// <summary>The elements; zero in other lanes.</summary>
    Vec Load(float* x);

    /// <summary>Stores the elements, and nothing of other lanes.</summary>
    void Store(Vec value, float* y);

    /// <summary>The value with zero in other lanes.</summary>
    Vec Only(Vec value);
}

/// <summary>A whole vector.</summary>
internal readonly unsafe struct AllLanes : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vec Load(float* x) => Vector512.Load(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vec value, float* y) => Vector512.Store(value, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vec Only(Vec value) => value;
}

/// <summary>The first 1 to 15 lanes: the rest of a row.</summary>
internal readonly unsafe struct FirstLanes(long count) : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vec Load(float* x) => Elementwise.LoadPart(x, (int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vec value, float* y) => Elementwise.StorePart(value, y, (int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vec Only(Vec value) => value & Elementwise.First((int)count);
}
