using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Sinter.Text;

namespace Sinter.Data;

/// <summary>Encodes pieces in parallel and writes their tokens in order.</summary>
internal sealed class TokenWriter(ITokenizer tokenizer, Stream stream, CancellationToken cancellation)
{
    private const int ChunkCharacters = 1 << 18;

    /// <summary>Bytes of a token.</summary>
    public int Width { get; } = tokenizer.VocabSize <= 65536 ? 2 : 4;

    /// <summary>
    /// Writes a part and gives its tokens and UTF-8 bytes. Between documents stands the tokenizer's end of text, or a line feed where it has none.
    /// </summary>
    /// <param name="pieces">The part.</param>
    /// <param name="written">Hears how many more bytes of text are encoded.</param>
    public (long Tokens, long Bytes) Write(IEnumerable<TextPiece> pieces, Action<long> written)
    {
        long tokens = 0, bytes = 0;
        List<List<TextPiece>> batch = [];
        foreach (List<TextPiece> chunk in Chunks(pieces))
        {
            batch.Add(chunk);
            if (batch.Count == 2 * Environment.ProcessorCount) WriteBatch();
        }
        WriteBatch();
        return (tokens, bytes);

        void WriteBatch()
        {
            (List<int> Ids, long Bytes)[] encoded = new (List<int>, long)[batch.Count];
            ParallelWork.For(batch.Count, i => encoded[i] = Encode(batch[i]), cancellation);
            foreach ((List<int> ids, long size) in encoded)
            {
                WriteIds(CollectionsMarshal.AsSpan(ids));
                tokens += ids.Count;
                bytes += size;
            }
            written(encoded.Sum(e => e.Bytes));
            batch.Clear();
        }
    }

    /// <summary>The pieces in groups of some size; nothing stands before the first.</summary>
    private static IEnumerable<List<TextPiece>> Chunks(IEnumerable<TextPiece> pieces)
    {
        List<TextPiece> chunk = [];
        int size = 0;
        bool first = true;
        foreach (TextPiece piece in pieces)
        {
            chunk.Add(piece with { StartsDocument = piece.StartsDocument && !first });
            first = false;
            if ((size += piece.Text.Length) < ChunkCharacters) continue;
            yield return chunk;
            chunk = [];
            size = 0;
        }
        if (chunk.Count > 0) yield return chunk;
    }

    private (List<int> Ids, long Bytes) Encode(List<TextPiece> chunk)
    {
        List<int> ids = [];
        long bytes = 0;
        foreach (TextPiece piece in chunk)
        {
            if (piece.StartsDocument && tokenizer.EndOfTextId is { } end) ids.Add(end);
            else if (piece.StartsDocument)
            {
                tokenizer.Encode("\n", ids);
                bytes++;
            }
            tokenizer.Encode(piece.Text.Span, ids);
            bytes += Encoding.UTF8.GetByteCount(piece.Text.Span);
        }
        return (ids, bytes);
    }

    private void WriteIds(ReadOnlySpan<int> ids)
    {
        if (Width == 4)
        {
            stream.Write(MemoryMarshal.AsBytes(ids));
            return;
        }
        ushort[] narrow = ArrayPool<ushort>.Shared.Rent(ids.Length);
        for (int i = 0; i < ids.Length; i++) narrow[i] = (ushort)ids[i];
        stream.Write(MemoryMarshal.AsBytes(narrow.AsSpan(0, ids.Length)));
        ArrayPool<ushort>.Shared.Return(narrow);
    }
}
