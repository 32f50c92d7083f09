using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Sinter.Checkpoints.Files;

/// <summary>A file being written: beside its place under a temporary name, hashed on the way, flushed to the disk, then renamed.</summary>
/// <remarks>The rename itself is durable only when the folder is flushed, which <see cref="AtomicFolder"/> does once for all its files.</remarks>
internal sealed class DurableFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    private DurableFile(SafeFileHandle file) => _file = file;

    /// <summary>Writes a file whole, or leaves what was there before.</summary>
    /// <param name="path">The final path; an existing file is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="CheckpointException">The file can't be written.</exception>
    public static FileHash Write(string path, Action<DurableFile> write)
    {
        string temporary = TemporaryName.Sibling(path, TemporaryName.Writing);
        try
        {
            FileHash hash;
            using (var file = new DurableFile(File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None)))
            {
                write(file);
                RandomAccess.FlushToDisk(file._file);
                hash = new(file._position, Convert.ToHexStringLower(file._hash.GetHashAndReset()));
            }
            File.Move(temporary, path, overwrite: true);
            return hash;
        }
        catch (Exception error)
        {
            TemporaryName.TryDelete(temporary);
            if (FileErrors.IsFileError(error))
                throw FileErrors.Explain(error, "writing", path);
            throw;
        }
    }

    /// <summary>Writes a small file.</summary>
    public static FileHash Write(string path, ReadOnlyMemory<byte> content) => Write(path, file => file.Append(content.Span));

    /// <summary>The number of bytes written.</summary>
    public long Position => _position;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        const int chunk = 1 << 20;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(chunk, bytes.Length)..])
        {
            ReadOnlySpan<byte> part = bytes[..Math.Min(chunk, bytes.Length)];
            RandomAccess.Write(_file, part, _position);
            _hash.AppendData(part);
            _position += part.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }
}
