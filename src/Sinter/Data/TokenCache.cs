using System.Diagnostics;

namespace Sinter.Data;

/// <summary>
/// Token files by key in one folder. A file is written under a lock that the system takes back from a killed process, to a temporary name, flushed
/// and renamed, so what has its final name is complete. When all together are larger than the limit, those not used for longest go.
/// </summary>
/// <param name="folder">The folder; made when needed.</param>
/// <param name="limitBytes">What all files together may take; the newest stays whatever its size.</param>
internal sealed class TokenCache(string folder, long limitBytes = TokenCache.DefaultLimit)
{
    /// <summary>10 GiB.</summary>
    public const long DefaultLimit = 10L << 30;

    /// <summary>The cache of this user.</summary>
    public static TokenCache Default => new(Path.Combine(CacheFolder.Path, "tokens"));

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Opens the file of a key, or makes it.</summary>
    /// <param name="key">The key: a file name.</param>
    /// <param name="write">Writes the file from its start.</param>
    /// <param name="note">Hears why this takes time or what went wrong.</param>
    /// <param name="cancellation">Stops waiting and writing.</param>
    /// <exception cref="IOException">The folder can't be written to, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public TokenFile GetOrAdd(string key, Action<FileStream> write, Action<string> note, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, key + ".tokens");
        if (Open(path, note) is { } found) return found;
        Directory.CreateDirectory(folder);
        using FileStream held = Lock(Path.Combine(folder, key + ".lock"), note, cancellation);
        // Another process may have made it while this one waited.
        if (Open(path, _ => { }) is { } made) return made;
        string temporary = Path.Combine(folder, key + ".tmp");
        try
        {
            using (FileStream file = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        TokenFile result = TokenFile.TryOpen(path) ?? throw TokenFile.Damaged(path, "it does not read back as it was written");
        Evict(path);
        return result;
    }

    private static TokenFile? Open(string path, Action<string> note)
    {
        try
        {
            TokenFile? file = TokenFile.TryOpen(path);
            if (file is not null) File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            else if (File.Exists(path)) note($"{path}: the token cache is damaged and is made again");
            return file;
        }
        // A cache on a disk that is read-only is as good as another; one that can't be opened is made again.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TokenFile.TryOpen(path);
        }
    }

    private static FileStream Lock(string path, Action<string> note, CancellationToken cancellation)
    {
        for (bool noted = false; ; noted = true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
            {
                if (!noted) note("another process makes these tokens; waiting for it");
                cancellation.WaitHandle.WaitOne(100);
            }
        }
    }

    private void Evict(string newest)
    {
        try
        {
            DirectoryInfo info = new(folder);
            FileInfo[] files = [.. info.EnumerateFiles("*.tokens").OrderByDescending(f => f.LastWriteTimeUtc)];
            long total = new FileInfo(newest).Length;
            foreach (FileInfo file in files.Where(f => f.FullName != Path.GetFullPath(newest)))
            {
                total += file.Length;
                if (total <= limitBytes) continue;
                total -= file.Length;
                file.Delete();
                File.Delete(Path.ChangeExtension(file.FullName, ".lock"));
            }
            // What a killed process left; one that still writes touches its file.
            foreach (FileInfo file in info.EnumerateFiles("*.tmp").Where(f => DateTime.UtcNow - f.LastWriteTimeUtc > TimeSpan.FromDays(1)))
                file.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e);
        }
    }
}
