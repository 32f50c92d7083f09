using System.Runtime.InteropServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Code pages: written while writable, then made executable and read-only, never both at once. They live as long as the process.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int ProtectReadWrite = 3, ProtectReadExecute = 5, PrivateAnonymous = 0x22, PrivateAnonymousMac = 0x1002;
    private const uint CommitReserve = 0x3000, PageReadWrite = 4, PageExecuteRead = 0x20;

    /// <summary>
    /// The addresses of several pieces of code made executable together, with 0 for an absent one; null where the system refuses. The table lives as long as the process.
    /// </summary>
    public static nint* Publish(ReadOnlySpan<byte[]?> codes)
    {
        const int alignment = 64;
        using var all = new MemoryStream();
        var offsets = (nint*)NativeMemory.AllocZeroed((nuint)codes.Length, (nuint)sizeof(nint));
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] is not { } code) continue;
            all.Position = (all.Length + alignment - 1) / alignment * alignment;
            offsets[i] = (nint)all.Position;
            all.Write(code);
        }
        nint block = Publish(all.GetBuffer().AsSpan(0, (int)all.Length));
        for (int i = 0; i < codes.Length; i++)
            if (codes[i] is not null) offsets[i] += block;
        if (block != 0) return offsets;
        NativeMemory.Free(offsets);
        return null;
    }

    /// <summary>The address of <paramref name="code"/> made executable, or 0 where the system refuses.</summary>
    public static nint Publish(ReadOnlySpan<byte> code)
    {
        if (OperatingSystem.IsWindows()) return PublishWindows(code);
        nint block = Map(0, (nuint)code.Length, ProtectReadWrite, OperatingSystem.IsMacOS() ? PrivateAnonymousMac : PrivateAnonymous, -1, 0);
        if (block == -1) return 0;
        code.CopyTo(new Span<byte>((void*)block, code.Length));
        return Protect(block, (nuint)code.Length, ProtectReadExecute) == 0 ? block : 0;
    }

    private static nint PublishWindows(ReadOnlySpan<byte> code)
    {
        nint block = VirtualAlloc(0, (nuint)code.Length, CommitReserve, PageReadWrite);
        if (block == 0) return 0;
        code.CopyTo(new Span<byte>((void*)block, code.Length));
        return VirtualProtect(block, (nuint)code.Length, PageExecuteRead, out _) != 0 ? block : 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(nint address, nuint size, uint protection, out uint previous);
}
