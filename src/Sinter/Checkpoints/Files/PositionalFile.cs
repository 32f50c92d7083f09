using Microsoft.Win32.SafeHandles;

namespace Sinter.Checkpoints.Files;

/// <summary>A file that is read by positions, from any number of threads at once.</summary>
/// <remarks>Bytes go from the file into the caller's memory, without a mapping: a file that another process cuts short while it is read
/// gives an error, where a mapping would end the process.</remarks>
internal sealed class PositionalFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private PositionalFile(string path, SafeFileHandle file) => (Path, _file, Length) = (path, file, RandomAccess.GetLength(file));

    /// <summary>The path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The number of bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file and hands it to <paramref name="create"/>; if that fails the file is closed again.</summary>
    /// <exception cref="CheckpointException">The file can't be opened or read.</exception>
    public static T Open<T>(string path, Func<PositionalFile, T> create)
    {
        if (Directory.Exists(path))
            throw new CheckpointException($"{path}: this is a folder, and a file of tensors was expected. Name the file in it.");
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return create(new PositionalFile(path, handle));
        }
        catch (Exception error)
        {
            handle?.Dispose();
            if (FileErrors.IsFileError(error))
                throw FileErrors.Explain(error, "opening", path);
            throw;
        }
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="position"/> on.</summary>
    /// <param name="position">The first byte.</param>
    /// <param name="destination">All of it is filled.</param>
    /// <param name="what">What is read, for messages.</param>
    /// <exception cref="CheckpointException">The file can't be read, or has become shorter.</exception>
    public void Read(long position, Span<byte> destination, string what)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file, destination, position);
                if (read == 0)
                    throw new CheckpointException($"{Path}: damaged: it ended at byte {position} in {what}: it has become shorter since it was opened. "
                        + "Copy or download the file again.");
                position += read;
                destination = destination[read..];
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, $"reading {what}", Path);
        }
    }

    /// <summary>The bytes of a part of the file.</summary>
    /// <exception cref="CheckpointException">As <see cref="Read(long, Span{byte}, string)"/>.</exception>
    public byte[] Read(long position, int length, string what)
    {
        var bytes = new byte[length];
        Read(position, bytes, what);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
