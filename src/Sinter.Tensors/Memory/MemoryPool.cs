using System.Numerics;

namespace Sinter.Tensors.Memory;

/// <summary>
/// Native memory, aligned to 64 bytes. Blocks below a megabyte come in size classes, eight per doubling, so at most an eighth is lost; a returned block is kept
/// for the next request of its class. Larger ones are cut from a heap in which gradients and activations share what either leaves. After the first
/// steps of a training run the system is asked for nothing more.
/// </summary>
/// <remarks>Blocks of exact size are kept apart: a gradient that took a block of evaluation's for good would have the next evaluation ask for
/// another.
/// They lie side by side in large pieces, which the system can give large pages for.
/// Safe for several threads; a request is a dictionary look-up and a stack pop, or the walk of a short list, under a lock.</remarks>
public sealed unsafe class MemoryPool : IDisposable
{
    /// <summary>From this size on a block that is not the device's for good lies in the heap.</summary>
    internal const long LargeBytes = 1 << 20;

    private readonly Dictionary<long, Stack<nint>> _free = [];
    private readonly Dictionary<nint, long> _borrowed = [];   // blocks handed out for less than their size
    private readonly Arena _exact = new();
    private readonly BlockHeap _heap = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>
    /// Whether requests differ from step to step, as those of batches of many lengths do: then a request for whose class nothing is free takes a block of up to
    /// twice its size at any time, rather than that each length has blocks of its own.
    /// </summary>
    public bool ShapesVary { get; set; }

    /// <summary>The most bytes to hold: a request beyond it is a <see cref="DeviceMemoryException"/>, an <see cref="OutOfMemoryException"/> as where the system refuses.</summary>
    public long LimitBytes { get; set; } = long.MaxValue;

    /// <summary>Whether a large request is refused that the system could serve only by paging or by ending a process, as Linux does: it promises memory that
    /// it does not have.</summary>
    public bool LeavesRoom { get; set; }

    /// <summary>Bytes obtained from the system and not given back.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Bytes handed out and not returned, as size classes.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Those of them in blocks of exact size: weights, gradients of weights, moments.</summary>
    public long ExactBytes { get; private set; }

    /// <summary>The most bytes ever held from the system.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>How often the system was asked for memory.</summary>
    public long SystemRequests { get; private set; }

    /// <summary>Blocks handed out and not returned.</summary>
    public long LiveBlocks { get; private set; }

    /// <summary>A block of at least <paramref name="bytes"/>, content undefined.</summary>
    /// <param name="bytes">Bytes wanted; 0 gives a block too.</param>
    /// <param name="lifetime">For how long.</param>
    internal void* Rent(long bytes, Lifetime lifetime = Lifetime.Step)
    {
        long size = SizeOf(bytes, lifetime);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            void* block = IsInHeap(bytes, lifetime) ? TakeLarge(size) : Take(size, lifetime != Lifetime.Step);
            UsedBytes += size;
            if (lifetime != Lifetime.Step) ExactBytes += size;
            LiveBlocks++;
            return block;
        }
    }

    /// <summary>Whether such a block lies in the heap.</summary>
    internal static bool IsInHeap(long bytes, Lifetime lifetime) => bytes >= LargeBytes && lifetime != Lifetime.Device;

    private static long SizeOf(long bytes, Lifetime lifetime) =>
        lifetime != Lifetime.Step || IsInHeap(bytes, lifetime) ? RoundUp(bytes) : SizeClass(bytes);

    private void* TakeLarge(long size)
    {
        void* block = _heap.TryTake(size);
        if (block is not null) return block;
        RequireRoom(size, isLarge: true);
        long before = _heap.Bytes;
        (nint grown, bool isAsked) = _heap.Grow(size);
        Reserved(_heap.Bytes - before, isAsked);
        return (void*)grown;
    }

    private void* Take(long size, bool exact)
    {
        if (_free.TryGetValue(Key(size, exact), out var blocks) && blocks.TryPop(out nint free)) return (void*)free;
        if (exact || Larger(size) is not { } larger) return Request(size, exact);
        nint block = _free[larger].Pop();
        _borrowed[block] = larger;
        return (void*)block;
    }

    private void* Request(long size, bool exact)
    {
        RequireRoom(size, isLarge: false);
        void* block = exact ? _exact.Rent(size) : SystemMemory.Allocate(size);
        Reserved(size, isAsked: true);
        return block;
    }

    private void RequireRoom(long size, bool isLarge)
    {
        if (!HasRoom(isLarge ? _heap.Growth(size) : size)) Trim();
        if (!HasRoom(isLarge ? _heap.Growth(size) : size))
            throw new DeviceMemoryException($"[memory] there is no room for a block of {size} bytes beside the {ReservedBytes} held.");
    }

    private void Reserved(long bytes, bool isAsked)
    {
        ReservedBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, ReservedBytes);
        if (isAsked) SystemRequests++;
    }

    private bool HasRoom(long size) =>
        size <= LimitBytes - ReservedBytes && (!LeavesRoom || size < LargeBytes || size <= AvailableMemory.Bytes());

    /// <summary>Takes back a block that <see cref="Rent"/> gave for the same <paramref name="bytes"/> and <paramref name="lifetime"/>.</summary>
    internal void Return(void* block, long bytes, Lifetime lifetime = Lifetime.Step)
    {
        long size = SizeOf(bytes, lifetime);
        lock (_lock)
        {
            UsedBytes -= size;
            if (lifetime != Lifetime.Step) ExactBytes -= size;
            LiveBlocks--;
            if (IsInHeap(bytes, lifetime))
            {
                _heap.Return(block);
                return;
            }
            long key = _borrowed.Remove((nint)block, out long larger) ? larger : Key(size, lifetime != Lifetime.Step);
            if (!_free.TryGetValue(key, out var blocks)) _free[key] = blocks = new Stack<nint>();
            blocks.Push((nint)block);
        }
    }

    /// <summary>Gives every free block back to the system, for when the shapes change for good; those of exact size stay, and large ones where others of their
    /// piece are out.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            foreach (var (key, blocks) in _free)
                while (key > 0 && blocks.TryPop(out nint block))
                {
                    SystemMemory.Free((void*)block);
                    ReservedBytes -= key;
                }
            ReservedBytes -= _heap.Bytes;
            _heap.Trim();
            ReservedBytes += _heap.Bytes;
        }
    }

    /// <summary>Gives the free blocks back, all large ones, and all of exact size; other blocks still handed out stay valid and are lost to the process.</summary>
    public void Dispose()
    {
        Trim();
        _heap.Dispose();
        _exact.Dispose();
        _disposed = true;
    }

    /// <summary>The smallest class above <paramref name="size"/> with a free block that may be borrowed.</summary>
    private long? Larger(long size)
    {
        if (!ShapesVary) return null;
        long best = 2 * size + 1;
        foreach (var (key, blocks) in _free)
            if (key > size && key < best && blocks.Count > 0) best = key;
        return _free.TryGetValue(best, out var found) && found.Count > 0 ? best : null;
    }

    private static long Key(long size, bool exact) => exact ? -size : size;

    internal static long SizeClass(long bytes)
    {
        long size = RoundUp(bytes);
        if (size <= 512) return size;
        long step = 1L << (BitOperations.Log2((ulong)(size - 1)) - 2);
        return (size + step / 2 - 1) / (step / 2) * (step / 2);
    }

    private static long RoundUp(long bytes) => Math.Max(64, (bytes + 63) & ~63L);
}
