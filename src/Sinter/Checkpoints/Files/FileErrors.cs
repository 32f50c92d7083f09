namespace Sinter.Checkpoints.Files;

/// <summary>Turns what the file system says into an error for the user.</summary>
internal static class FileErrors
{
    // On Unix an IOException carries the raw errno in HResult; on Windows, the Win32 error in the low 16 bits.
    private const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Whether <paramref name="error"/> comes from the file system rather than from a mistake in the program.</summary>
    public static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or System.Security.SecurityException or NotSupportedException;

    /// <summary>The error to throw when <paramref name="action"/> (a gerund: "writing") failed on <paramref name="path"/>.</summary>
    public static CheckpointException Explain(Exception error, string action, string path) =>
        new($"{path}: {action} failed: {Reason(error)}", error);

    /// <summary>Whether the disk, or the user's share of it, is full.</summary>
    public static bool IsDiskFull(Exception error) => error is IOException && error.HResult switch
    {
        WindowsDiskFull or WindowsHandleDiskFull => true,
        UnixNoSpace => !OperatingSystem.IsWindows(),
        LinuxQuota => OperatingSystem.IsLinux(),
        MacQuota => OperatingSystem.IsMacOS(),
        _ => false,
    };

    private static string Reason(Exception error) => error switch
    {
        _ when IsDiskFull(error) =>
            "the disk is full. Free some space, or choose a folder on another disk, and run again; what was complete before is unchanged.",
        IOException { HResult: UnixReadOnly } when !OperatingSystem.IsWindows() => "the file system is read-only. Choose another folder.",
        UnauthorizedAccessException => "permission denied. Choose a folder that you may write to, or change the permissions.",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder. Check the path.",
        PathTooLongException => "the path is too long. Choose a shorter one.",
        _ => error.Message,
    };
}
