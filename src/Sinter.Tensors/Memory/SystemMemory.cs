using System.Runtime.InteropServices;

namespace Sinter.Tensors.Memory;

/// <summary>Aligned blocks from the system, which is asked for huge pages: that halves the cost of page walks in matrix products.</summary>
internal static unsafe partial class SystemMemory
{
    private const long HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    public static void* Allocate(long size) =>
        !OperatingSystem.IsLinux() ? NativeMemory.AlignedAlloc((nuint)size, 64) : size < HugePage ? Slabs.Cut(size) : AllocateLarge(size, HugePage);

    public static void Free(void* block)
    {
        if (!OperatingSystem.IsLinux() || !Slabs.TryReturn(block)) FreeLarge(block);
    }

    /// <summary>A block of its own whose whole huge pages are asked for; on Linux.</summary>
    public static void* AllocateLarge(long size, long alignment)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)size, (nuint)alignment);
        _ = Advise(block, (nuint)(size & ~(HugePage - 1)), AdviseHugePages);   // advice only: a refusal changes nothing
        return block;
    }

    public static void FreeLarge(void* block) => NativeMemory.AlignedFree(block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
