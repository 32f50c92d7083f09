namespace Sinter.Data.Examples;

/// <summary>Pieces of a text as one reader.</summary>
internal sealed class PieceReader(IEnumerable<ReadOnlyMemory<char>> pieces) : TextReader
{
    private readonly IEnumerator<ReadOnlyMemory<char>> _pieces = pieces.GetEnumerator();
    private ReadOnlyMemory<char> _left;

    /// <inheritdoc/>
    public override int Peek() => Fill() ? _left.Span[0] : -1;

    /// <inheritdoc/>
    public override int Read()
    {
        int next = Peek();
        if (next >= 0) _left = _left[1..];
        return next;
    }

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || !Fill()) return 0;
        int count = Math.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _pieces.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        while (_left.IsEmpty)
        {
            if (!_pieces.MoveNext()) return false;
            _left = _pieces.Current;
        }
        return true;
    }
}
