using Sinter.Monitoring.TensorBoard.Proto;

namespace Sinter.Monitoring.TensorBoard;

/// <summary>The event files of a run folder.</summary>
public static class TensorBoardFiles
{
    /// <summary>How their names begin; TensorBoard takes any file with <c>tfevents</c> in its name.</summary>
    public const string Prefix = "events.out.tfevents.";

    /// <summary>The folder's event files in the order they were written.</summary>
    public static string[] In(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, Prefix + "*") : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>
    /// Removes the events after <paramref name="step"/> from every event file of <paramref name="folder"/>, and what follows a torn or damaged
    /// record. Files that hold no event after that are deleted.
    /// </summary>
    /// <exception cref="SinterException">A file can't be read or written.</exception>
    public static void CutBack(string folder, long step)
    {
        foreach (string path in In(folder))
        {
            try
            {
                CutBackFile(path, step);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SinterException($"Can't cut {path} back to step {step}: {e.Message} Check its permissions and that no other run uses it.", e);
            }
        }
    }

    private static void CutBackFile(string path, long step)
    {
        long length = 0;
        bool any = false;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024))
        {
            while (TensorBoardRecord.Read(stream) is { } e && (IsVersion(e) || e.Step <= step))
            {
                length = stream.Position;
                any |= !IsVersion(e);
            }
            if (any && length < stream.Length)
            {
                stream.SetLength(length);
                stream.Flush(flushToDisk: true);
            }
        }
        if (!any) File.Delete(path);
    }

    private static bool IsVersion(Event e) => e.WhatCase == Event.WhatOneofCase.FileVersion;
}
