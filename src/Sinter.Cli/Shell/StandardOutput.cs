using System.Text;

namespace Sinter.Cli.Shell;

/// <summary>Standard output that says so when its reader has gone: <see cref="Console.Out"/> keeps silent then, and a command would go on for
/// nobody.</summary>
internal static class StandardOutput
{
    private const int BrokenPipeErrno = 32;
    private const int WindowsNoData = unchecked((int)0x800700E8), WindowsBrokenPipe = unchecked((int)0x8007006D);

    /// <summary>Opens it; every write goes out at once.</summary>
    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.Out;
        var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A stream on a file keeps a position of its own and would write over what others wrote; no reader of a file goes away.
        if (stream.CanSeek) return Console.Out;
        return new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
    }

    /// <summary>Whether an error says that the reader has gone.</summary>
    public static bool IsBrokenPipe(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsNoData or WindowsBrokenPipe
        : error.HResult == BrokenPipeErrno;
}
