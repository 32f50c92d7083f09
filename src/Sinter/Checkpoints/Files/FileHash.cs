namespace Sinter.Checkpoints.Files;

/// <summary>What a manifest says of a file.</summary>
/// <param name="Bytes">The length.</param>
/// <param name="Sha256">The SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
public readonly record struct FileHash(long Bytes, string Sha256)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads a file to its end.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileHash Of(string path)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        byte[] chunk = System.Buffers.ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long position = 0;
            for (int read; (read = RandomAccess.Read(file, chunk, position)) > 0; position += read)
                hash.AppendData(chunk.AsSpan(0, read));
            return new(position, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
