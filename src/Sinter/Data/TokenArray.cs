namespace Sinter.Data;

/// <summary>Token ids in a mapped file, as uint16 or int32. Safe to read from several threads.</summary>
public sealed unsafe class TokenArray
{
    private readonly TokenFile _file;
    private readonly byte* _start;
    private readonly int _vocabSize;

    internal TokenArray(TokenFile file, byte* start, long length, int width, int vocabSize)
    {
        _start = start;
        (_file, Length, Width, _vocabSize) = (file, length, width, vocabSize);
    }

    /// <summary>The number of tokens.</summary>
    public long Length { get; }

    /// <summary>Bytes of a token in the file: 2 or 4.</summary>
    public int Width { get; }

    /// <summary>Copies the tokens from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the array.</exception>
    /// <exception cref="DataException">A token is outside the vocabulary: the file was damaged after it was made.</exception>
    /// <exception cref="ObjectDisposedException">The corpus is disposed.</exception>
    public void CopyTo(long start, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - destination.Length);
        ObjectDisposedException.ThrowIf(_file.IsDisposed, typeof(TokenCorpus));
        uint largest = 0;
        if (Width == 2)
        {
            ushort* source = (ushort*)_start + start;
            for (int i = 0; i < destination.Length; i++) largest = Math.Max(largest, (uint)(destination[i] = source[i]));
        }
        else
        {
            int* source = (int*)_start + start;
            for (int i = 0; i < destination.Length; i++) largest = Math.Max(largest, (uint)(destination[i] = source[i]));
        }
        GC.KeepAlive(_file);
        // An id outside the vocabulary would read beyond the embedding's rows.
        if (largest >= (uint)_vocabSize && !destination.IsEmpty)
            throw TokenFile.Damaged(_file.Path, $"token {largest} is outside the vocabulary of {_vocabSize}");
    }

    /// <summary>All tokens from <paramref name="start"/> on, in a new array.</summary>
    public int[] ToArray(long start, int length)
    {
        int[] tokens = new int[length];
        CopyTo(start, tokens);
        return tokens;
    }
}
