namespace Sinter.Tensors.Memory;

/// <summary>
/// Blocks cut one after the other from large pieces of system memory, all given back together: with small pages at its end, as a block of its
/// own has them, a matrix of a few megabytes would be read at two thirds of the memory's speed.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const long SmallestPiece = 64 << 20, LargestPiece = 256 << 20, Alignment = 64;

    private readonly List<nint> _pieces = [];
    private byte* _next;
    private long _left;

    /// <summary>Bytes obtained from the system.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of them that are in blocks.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>A block.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="expected">What will be asked for, this block included: pieces larger than that are not taken.</param>
    public byte* Rent(long bytes, long expected = long.MaxValue)
    {
        bytes = (bytes + Alignment - 1) / Alignment * Alignment;
        byte* block = Cut(bytes, expected);
        UsedBytes += bytes;
        return block;
    }

    private byte* Cut(long bytes, long expected)
    {
        if (bytes > _left)
        {
            // Pieces grow with what there is: each ends in a large page that is used in part.
            long piece = Math.Max(bytes, Math.Min(Math.Clamp(Bytes, SmallestPiece, LargestPiece), expected));
            byte* first = (byte*)SystemMemory.Allocate(piece);
            _pieces.Add((nint)first);
            Bytes += piece;
            if (piece - bytes < _left) return first;   // the piece begun before has more room left
            _next = first;
            _left = piece;
        }
        byte* block = _next;
        _next += bytes;
        _left -= bytes;
        return block;
    }

    /// <summary>Gives everything back; the arena can be used again.</summary>
    public void Dispose()
    {
        foreach (nint piece in _pieces) SystemMemory.Free((void*)piece);
        _pieces.Clear();
        _next = null;
        _left = Bytes = UsedBytes = 0;
    }
}
