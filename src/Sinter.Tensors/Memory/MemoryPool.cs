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
            UsedBytes += size;
            if (exact) ExactBytes += size;
            LiveBlocks++;
            if (_free.TryGetValue(Key(size, exact), out var blocks) && blocks.Count > 0) return (void*)blocks.Pop();
            if (Borrows && !exact && size >= WorthBorrowing && Larger(size) is { } larger)
            {
                nint block = _free[larger].Pop();
                _borrowed[block] = larger;
                return (void*)block;
            }
            ReservedBytes += size;
            PeakBytes = Math.Max(PeakBytes, ReservedBytes);
            SystemRequests++;
            if (exact) return _exact.Rent(size);
        }
        return SystemMemory.Allocate(size);
    }

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

    /// <summary>The smallest class above <paramref name="size"/> with a free block.</summary>
    private long? Larger(long size)
    {
        long best = long.MaxValue;
        foreach (var (key, blocks) in _free)
            if (key > size && key < best && blocks.Count > 0) best = key;
        return best == long.MaxValue ? null : best;
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
