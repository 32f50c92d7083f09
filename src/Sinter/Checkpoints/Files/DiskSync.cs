using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sinter.Checkpoints.Files;

/// <summary>Waits until what was written is on the disk.</summary>
internal static partial class DiskSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a file's content.</summary>
    public static void File(string path)
    {
        // Windows flushes only what is open for writing; elsewhere a file may be read-only.
        FileAccess access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Flushes a folder's entries: without it a rename may be lost when the machine stops. NTFS needs and has no such call.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Error(path);
        try
        {
            // Some network and overlay file systems refuse to flush a folder (EINVAL, ENOTSUP): they order renames themselves or not at all.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error && IsLoss(error))
                throw Error(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Opens a file that another process may have locked: .NET takes a shared lock on whatever it opens by path. Null where that can't be
    /// done.</summary>
    public static SafeFileHandle? OpenLocked(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        int descriptor = Open(path, ReadOnly);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Flushes a folder, all that lies in it, and the folders in it.</summary>
    public static void Tree(string path)
    {
        foreach (string file in Directory.EnumerateFiles(path))
            File(file);
        foreach (string folder in Directory.EnumerateDirectories(path))
            Tree(folder);
        Folder(path);
    }

    // EIO, ENOSPC, EDQUOT: what was written may not be on the disk.
    private static bool IsLoss(int error) => error is 5 or 28 || (error == 122 && OperatingSystem.IsLinux());

    private static IOException Error(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
    }

    // The mode argument of open(2) is read only with O_CREAT, so the variadic call needs two arguments.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
