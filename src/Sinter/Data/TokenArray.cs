namespace Sinter.Data;

/// <summary>Token ids in a mapped file, as uint16 or int32. Safe to read from several threads.</summary>
public sealed unsafe class TokenArray
{
    private readonly TokenFile _file;
    private readonly byte* _start;
    private readonly long* _documents;
    private readonly int _vocabSize;

    internal TokenArray(TokenFile file, byte* start, long length, long* documents, long documentCount)
    {
        _start = start;
        _documents = documents;
        (_file, Length, Width, _vocabSize, Documents) = (file, length, (int)file.Header.Width, (int)file.Header.VocabSize, documentCount);
    }

    /// <summary>The number of tokens.</summary>
    public long Length { get; }

    /// <summary>Bytes of a token in the file: 2 or 4.</summary>
    public int Width { get; }

    /// <summary>The number of documents.</summary>
    public long Documents { get; }

    /// <summary>The index of a document's first token, behind what separates it from the one before.</summary>
    /// <exception cref="DataException">The documents are out of order: the file was damaged after it was made.</exception>
    /// <exception cref="ObjectDisposedException">The corpus is disposed.</exception>
    public long StartOfDocument(long document)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(document);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(document, Documents);
        ObjectDisposedException.ThrowIf(_file.IsDisposed, typeof(TokenCorpus));
        long start = _documents[document], before = document == 0 ? 0 : _documents[document - 1] + 1;
        GC.KeepAlive(_file);
        return start >= before && start <= Length && (document > 0 || start == 0) ? start
            : throw TokenFile.Damaged(_file.Path, $"document {document} begins at token {start} of {Length}");
    }

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
