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
    private readonly SortedList<long, (long Length, uint Crc)> _parts = [];
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
            uint found = 0;
            byte[] chunk = new byte[(int)Math.Min(ChunkBytes, length)];
            for (long done = 0; done < length; done += ChunkBytes)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, length - done));
                file.Read(offset + done, part, name);
                found = ZipCrc.Combine(found, ZipCrc.Of(part), part.Length);
            }
            Compare(file, found);
        }
    }

    /// <summary>Takes the CRC of a part that was read, and compares when every byte has been.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The part's first byte, from <see cref="Offset"/> on.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="found">Its CRC.</param>
    /// <exception cref="CheckpointException">They are damaged.</exception>
    public void Check(PositionalFile file, long start, long bytes, uint found)
    {
        lock (_lock)
        {
            if (_isChecked || !_parts.TryAdd(start, (bytes, found)) || _parts.Values.Sum(p => p.Length) < length) return;
            (long end, uint all) = (0, 0);
            foreach ((long first, (long count, uint part)) in _parts)
            {
                if (first != end) break;   // two readers cut differently
                (end, all) = (end + count, ZipCrc.Combine(all, part, count));
            }
            _parts.Clear();
            if (end == length) Compare(file, all);
            else Check(file);
        }
    }

    private void Compare(PositionalFile file, uint found)
    {
        if (crc is { } expected && found != expected)
            throw new CheckpointException($"{file.Path}: {Quoted.Name(name)} is damaged: its CRC-32 is {found:x8}, and the archive says {expected:x8}. "
                + "Copy or download the file again (or save it again, if it was saved without CRCs).");
        _isChecked = true;
    }
}
