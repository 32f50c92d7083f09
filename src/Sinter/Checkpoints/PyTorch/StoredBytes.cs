using System.IO.Hashing;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The bytes of a storage in the file.</summary>
/// <param name="name">What they are, for messages.</param>
/// <param name="offset">The position of the first.</param>
/// <param name="length">How many.</param>
/// <param name="crc">The CRC-32 that they have to have; null where the format has none.</param>
internal sealed class StoredBytes(string name, long offset, long length, uint? crc)
{
    private const int ChunkBytes = 1 << 18;

    private readonly Lock _lock = new();
    private volatile bool _isChecked = crc is null;

    /// <summary>What they are, for messages.</summary>
    public string Name => name;

    /// <summary>The position of the first.</summary>
    public long Offset => offset;

    /// <summary>How many there are.</summary>
    public long Length => length;

    /// <summary>Whether nothing is left to check.</summary>
    public bool IsChecked => _isChecked;

    /// <summary>Reads all bytes and checks them, once.</summary>
    /// <exception cref="CheckpointException">They are damaged, or can't be read.</exception>
    public void Check(PositionalFile file)
    {
        if (_isChecked) return;
        lock (_lock)
        {
            if (_isChecked) return;
            var hash = new Crc32();
            byte[] chunk = new byte[(int)Math.Min(ChunkBytes, length)];
            for (long done = 0; done < length; done += ChunkBytes)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, length - done));
                file.Read(offset + done, part, name);
                hash.Append(part);
            }
            Check(file, hash.GetCurrentHashAsUInt32());
        }
    }

    /// <summary>Compares with what was computed from all bytes while they were read.</summary>
    /// <exception cref="CheckpointException">They are damaged.</exception>
    public void Check(PositionalFile file, uint found)
    {
        if (crc is { } expected && found != expected)
            throw new CheckpointException($"{file.Path}: {Quoted.Name(name)} is damaged: its CRC-32 is {found:x8}, and the archive says {expected:x8}. "
                + "Copy or download the file again (or save it again, if it was saved without CRCs).");
        _isChecked = true;
    }
}
