using System.Numerics;

namespace Sinter.Tensors.Memory;

/// <summary>
/// Native memory, aligned to 64 bytes, in size classes: eight per doubling, so at most an eighth is lost. A returned block is
/// kept for the next request of its class; after the first steps of a training run the system is asked for nothing more.
/// </summary>
/// <remarks>Blocks of exact size are kept apart: a gradient that took a block of evaluation's for good would have the next evaluation ask for
/// another.
/// They lie side by side in large pieces, which the system can give large pages for.
/// Safe for several threads; a request is a dictionary look-up and a stack pop under a lock.</remarks>
public sealed unsafe class MemoryPool : IDisposable
{
    private const long WorthBorrowing = 4 << 20;   // less would save little, and take blocks that evaluation left from where the next step looks for its own
    private const long LeastChecked = 1 << 20;

    private readonly Dictionary<long, Stack<nint>> _free = [];
    private readonly Dictionary<nint, long> _borrowed = [];   // blocks handed out for less than their size
    private readonly Arena _exact = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>
    /// Whether a large request for whose class nothing is free takes a larger block that is: true while gradients are made, when what the forward pass held only
    /// becomes free.
    /// </summary>
    internal bool Borrows { get; set; }

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
    /// <param name="exact">Whether the block is rounded to 64 bytes only, for weights, gradients and moments.</param>
    internal void* Rent(long bytes, bool exact = false)
    {
        long size = exact ? RoundUp(bytes) : SizeClass(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            void* block = Take(size, exact);
            UsedBytes += size;
            if (exact) ExactBytes += size;
            LiveBlocks++;
            return block;
        }
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
        if (!HasRoom(size)) Trim();
        if (!HasRoom(size)) throw new DeviceMemoryException($"[memory] there is no room for a block of {size} bytes beside the {ReservedBytes} held.");
        void* block = exact ? _exact.Rent(size) : SystemMemory.Allocate(size);
        ReservedBytes += size;
        PeakBytes = Math.Max(PeakBytes, ReservedBytes);
        SystemRequests++;
        return block;
    }

    private bool HasRoom(long size) =>
        size <= LimitBytes - ReservedBytes && (!LeavesRoom || size < LeastChecked || size <= AvailableMemory.Bytes());

    /// <summary>Takes back a block that <see cref="Rent"/> gave for the same <paramref name="bytes"/> and <paramref name="exact"/>.</summary>
    internal void Return(void* block, long bytes, bool exact = false)
    {
        long size = exact ? RoundUp(bytes) : SizeClass(bytes);
        lock (_lock)
        {
            UsedBytes -= size;
            if (exact) ExactBytes -= size;
            LiveBlocks--;
            long key = _borrowed.Remove((nint)block, out long larger) ? larger : Key(size, exact);
            if (!_free.TryGetValue(key, out var blocks)) _free[key] = blocks = new Stack<nint>();
            blocks.Push((nint)block);
        }
    }

    /// <summary>Gives every free block back to the system, for when the shapes change for good; those of exact size stay.</summary>
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
        }
    }

    /// <summary>Gives the free blocks back, and all of exact size; other blocks still handed out stay valid and are lost to the process.</summary>
    public void Dispose()
    {
        Trim();
        _exact.Dispose();
        _disposed = true;
    }

    /// <summary>The smallest class above <paramref name="size"/> with a free block that may be borrowed.</summary>
    private long? Larger(long size)
    {
        bool isFree = Borrows && size >= WorthBorrowing;
        if (!isFree && !ShapesVary) return null;
        long best = isFree ? long.MaxValue : 2 * size + 1;
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
