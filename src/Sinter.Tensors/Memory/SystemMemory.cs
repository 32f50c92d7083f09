using System.Runtime.InteropServices;

namespace Sinter.Tensors.Memory;

/// <summary>Aligned blocks from the system; large ones are offered to the kernel for huge pages, which halves the cost of page walks in matrix products.</summary>
internal static unsafe partial class SystemMemory
{
    private const long HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    public static void* Allocate(long size)
    {
        if (size < HugePage) return NativeMemory.AlignedAlloc((nuint)size, 64);
        void* block = NativeMemory.AlignedAlloc((nuint)size, (nuint)(OperatingSystem.IsLinux() ? HugePage : 64));
        if (OperatingSystem.IsLinux()) _ = Advise(block, (nuint)(size & ~(HugePage - 1)), AdviseHugePages);   // advice only: a refusal changes nothing
        return block;
    }

    public static void Free(void* block) => NativeMemory.AlignedFree(block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
