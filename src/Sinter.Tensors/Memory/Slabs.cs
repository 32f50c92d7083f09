namespace Sinter.Tensors.Memory;

/// <summary>
/// Blocks of less than a large page, cut one after the other from slabs that the system can give large pages for: a step of a small model goes through more
/// small pages than the processor remembers the places of. A slab goes back to the system when all its blocks have come back.
/// </summary>
/// <remarks>Safe for several threads.</remarks>
internal static unsafe class Slabs
{
    private const long SlabBytes = 32 << 20, Alignment = 64;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<nint, int> s_blocks = [];   // of each slab, blocks that are out
    private static byte* s_slab, s_next;

    /// <summary>A block aligned to 64 bytes, content undefined.</summary>
    /// <param name="bytes">Its size, at most a slab's.</param>
    public static void* Cut(long bytes)
    {
        bytes = (bytes + Alignment - 1) & -Alignment;
        lock (s_lock)
        {
            if (s_slab == null || s_slab + SlabBytes - s_next < bytes) Begin();
            byte* block = s_next;
            s_next += bytes;
            s_blocks[(nint)s_slab]++;
            return block;
        }
    }

    /// <summary>Takes a block back; false where it is none of these.</summary>
    public static bool TryReturn(void* block)
    {
        nint slab = (nint)block & ~(nint)(SlabBytes - 1);
        lock (s_lock)
        {
            if (!s_blocks.TryGetValue(slab, out int blocks)) return false;
            s_blocks[slab] = blocks - 1;
            if (blocks == 1) Drop(slab);
            return true;
        }
    }

    private static void Begin()
    {
        s_slab = s_next = (byte*)SystemMemory.AllocateLarge(SlabBytes, SlabBytes);
        s_blocks[(nint)s_slab] = 0;
    }

    private static void Drop(nint slab)
    {
        s_blocks.Remove(slab);
        if (slab == (nint)s_slab) s_slab = null;
        SystemMemory.FreeLarge((void*)slab);
    }
}
