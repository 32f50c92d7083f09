namespace Sinter.Monitoring;

/// <summary>Cuts a stream into lines of bytes and knows where each ends. A last line without its end is not a line.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start, _end, _lineLength;

    /// <summary>Bytes of the stream up to the end of the current line, its line feed included.</summary>
    public long Position { get; private set; }

    /// <summary>The current line without its line feed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start - _lineLength - 1, _lineLength);

    /// <summary>Goes to the next whole line.</summary>
    public bool Next()
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                _lineLength = searched + found;
                _start += _lineLength + 1;
                Position += _lineLength + 1;
                return true;
            }
            searched = _end - _start;
            if (!Fill()) return false;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
