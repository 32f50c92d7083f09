using System.Text;
using Microsoft.Win32.SafeHandles;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.Runs;

/// <summary>The right to write into a run. The system holds it for the process (<c>flock</c> on Unix, a share mode on Windows), and gives it up when
/// the process ends, however it ends.</summary>
public sealed class RunLock : IDisposable
{
    /// <summary>The name of the file that is locked. It stays in the run; its being there means nothing.</summary>
    public const string FileName = ".lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder, or fails at once.</summary>
    /// <exception cref="CheckpointException">Another process has it, or the file can't be written.</exception>
    internal static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException error) when (IsHeld(error))
        {
            throw new CheckpointException($"{folder}: {Owner(path)} is writing to this run. "
                + "Wait until it ends, stop it, or name another run.", error);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "locking", folder);
        }
        Sign(file);
        return new RunLock(file);
    }

    /// <summary>Gives the lock up.</summary>
    public void Dispose() => _file.Dispose();

    private static bool IsHeld(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult == unchecked((int)0x80070020)
        : error.HResult is 11 or 35; // EAGAIN on Linux and on macOS

    // Only for the other's message: failing to write it takes nothing from the lock.
    private static void Sign(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}"));
            file.Flush();
        }
        catch (IOException)
        {
        }
    }

    private static string Owner(string path)
    {
        try
        {
            using SafeFileHandle? file = DiskSync.OpenLocked(path);
            byte[] text = new byte[200];
            int length = file is null ? 0 : RandomAccess.Read(file, text, 0);
            return length == 0 ? "another process" : Quoted.Text(Encoding.UTF8.GetString(text, 0, length));
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return "another process";
        }
    }
}
