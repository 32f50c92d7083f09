namespace Sinter.Tensors.Memory;

/// <summary>
/// Large blocks, cut from large pieces of system memory: a request takes the smallest free range that holds it, and neighbours that are free are one range again.
/// So what the backward pass frees serves blocks of any other size, and gradients live where activations were.
/// </summary>
/// <remarks>Best fit with immediate coalescing (Knuth, The Art of Computer Programming, volume 1, section 2.5). Only what was ever handed out of a piece
/// counts as held: the system gives pages to what is written to. Not safe for several threads.</remarks>
internal sealed unsafe class BlockHeap : IDisposable
{
    private const long SmallestPiece = 64 << 20, LargestPiece = 256 << 20, HugePage = 2 << 20, Alignment = 64;

    private readonly List<Piece> _pieces = [];
    private long _pieceBytes;

    /// <summary>Bytes of the pieces that were ever in blocks.</summary>
    public long Bytes { get; private set; }

    /// <summary>A block, content undefined; null where no free range holds it and the heap would have to grow.</summary>
    /// <param name="bytes">Its size.</param>
    public void* TryTake(long bytes)
    {
        bytes = RoundUp(bytes);
        Piece? best = null;
        int at = -1;
        foreach (var piece in _pieces)
        {
            int found = piece.SmallestFree(bytes, best is null ? long.MaxValue : best.Ranges[at].Bytes);
            if (found >= 0) (best, at) = (piece, found);
        }
        return best is null ? null : best.Take(at, bytes);
    }

    /// <summary>By how many bytes <see cref="Grow"/> would have <see cref="Bytes"/> rise for such a block: less than its size where a piece ends in a free range.</summary>
    public long Growth(long bytes) => RoundUp(bytes) - (Roomiest(RoundUp(bytes))?.FreeEnd ?? 0);

    /// <summary>A block at the end of what was in blocks, of a piece that has room behind it or of a new one.</summary>
    /// <returns>The block, and whether the system was asked for a piece.</returns>
    /// <exception cref="OutOfMemoryException">The system refuses.</exception>
    public (nint Block, bool IsAsked) Grow(long bytes)
    {
        bytes = RoundUp(bytes);
        bool isAsked = false;
        if (Roomiest(bytes) is not { } piece)
        {
            piece = NewPiece((bytes + HugePage - 1) & -HugePage);
            _pieces.Add(piece);
            _pieceBytes += piece.Length;
            isAsked = true;
        }
        Bytes += bytes - piece.FreeEnd;
        return ((nint)piece.Extend(bytes), isAsked);
    }

    /// <summary>Takes a block back.</summary>
    public void Return(void* block)
    {
        foreach (var piece in _pieces)
            if (piece.Holds((nint)block))
            {
                piece.Return((nint)block);
                return;
            }
        throw new InvalidOperationException("[memory] a block was returned that is not of this heap.");
    }

    /// <summary>Gives the pieces back in which no block is out.</summary>
    public void Trim()
    {
        foreach (var piece in _pieces.Where(p => p.IsFree).ToArray()) Drop(piece);
    }

    /// <summary>Gives all pieces back.</summary>
    public void Dispose()
    {
        foreach (var piece in _pieces.ToArray()) Drop(piece);
    }

    private Piece NewPiece(long least)
    {
        long length = Math.Max(least, Math.Clamp(_pieceBytes, SmallestPiece, LargestPiece));
        try
        {
            return new Piece(length);
        }
        catch (OutOfMemoryException) when (length > least)
        {
            return new Piece(least);   // addresses are scarce too where a process has a limit of them
        }
    }

    private void Drop(Piece piece)
    {
        Bytes -= piece.High;
        _pieceBytes -= piece.Length;
        _pieces.Remove(piece);
        SystemMemory.Free((void*)piece.Start);
    }

    /// <summary>The piece with room for a block behind its last one that has to grow least for it; the first such.</summary>
    private Piece? Roomiest(long bytes)
    {
        Piece? best = null;
        foreach (var piece in _pieces)
            if (piece.Length - piece.High + piece.FreeEnd >= bytes && (best is null || piece.FreeEnd > best.FreeEnd)) best = piece;
        return best;
    }

    private static long RoundUp(long bytes) => (bytes + Alignment - 1) & -Alignment;

    private record struct Range(long Start, long Bytes, bool IsFree);

    /// <summary>Ranges in the order of their addresses, without gaps, up to the highest that was ever in a block.</summary>
    private sealed class Piece(long length)
    {
        public readonly nint Start = (nint)SystemMemory.Allocate(length);
        public readonly long Length = length;
        public readonly List<Range> Ranges = [];

        public long High => Ranges.Count == 0 ? 0 : Ranges[^1].Start + Ranges[^1].Bytes;

        /// <summary>Bytes of the free range that <see cref="High"/> ends.</summary>
        public long FreeEnd => Ranges.Count > 0 && Ranges[^1].IsFree ? Ranges[^1].Bytes : 0;

        public bool IsFree => Ranges.Count == 0 || Ranges is [{ IsFree: true }];

        public bool Holds(nint block) => block >= Start && block < Start + (nint)Length;

        public int SmallestFree(long bytes, long below)
        {
            int best = -1;
            for (int i = 0; i < Ranges.Count; i++)
                if (Ranges[i].IsFree && Ranges[i].Bytes >= bytes && Ranges[i].Bytes < below) (best, below) = (i, Ranges[i].Bytes);
            return best;
        }

        public void* Take(int at, long bytes)
        {
            var range = Ranges[at];
            Ranges[at] = new Range(range.Start, bytes, false);
            if (range.Bytes > bytes) Ranges.Insert(at + 1, new Range(range.Start + bytes, range.Bytes - bytes, true));
            return (void*)(Start + (nint)range.Start);
        }

        public void* Extend(long bytes)
        {
            long first = High - FreeEnd;
            if (FreeEnd > 0) Ranges.RemoveAt(Ranges.Count - 1);
            Ranges.Add(new Range(first, bytes, false));
            return (void*)(Start + (nint)first);
        }

        public void Return(nint block)
        {
            int at = Find(block - Start);
            var range = Ranges[at] with { IsFree = true };
            if (at + 1 < Ranges.Count && Ranges[at + 1].IsFree)
            {
                range.Bytes += Ranges[at + 1].Bytes;
                Ranges.RemoveAt(at + 1);
            }
            if (at > 0 && Ranges[at - 1].IsFree)
            {
                range = new Range(Ranges[at - 1].Start, Ranges[at - 1].Bytes + range.Bytes, true);
                Ranges.RemoveAt(at--);
            }
            Ranges[at] = range;
        }

        private int Find(long start)
        {
            int low = 0, high = Ranges.Count - 1;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Ranges[middle].Start < start) low = middle + 1;
                else high = middle;
            }
            return high >= 0 && Ranges[low].Start == start && !Ranges[low].IsFree ? low
                : throw new InvalidOperationException("[memory] a block was returned that is not out.");
        }
    }
}
