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
    /// Writes a part. Between documents stands the tokenizer's end of text, or a line feed where it has none.
    /// </summary>
    /// <param name="pieces">The part.</param>
    /// <param name="written">Hears how many more bytes of text are encoded.</param>
    public WrittenPart Write(IEnumerable<TextPiece> pieces, Action<long> written)
    {
        long tokens = 0, bytes = 0;
        List<long> documents = [];
        List<List<TextPiece>> batch = [];
        foreach (List<TextPiece> chunk in Chunks(pieces))
        {
            batch.Add(chunk);
            if (batch.Count == 2 * Environment.ProcessorCount) WriteBatch();
        }
        WriteBatch();
        return new(tokens, bytes, documents);

        void WriteBatch()
        {
            EncodedChunk[] encoded = new EncodedChunk[batch.Count];
            ParallelWork.For(batch.Count, i => encoded[i] = Encode(batch[i]), cancellation);
            foreach (EncodedChunk chunk in encoded)
            {
                if (documents.Count == 0) documents.Add(0);
                foreach (int start in chunk.Documents) documents.Add(tokens + start);
                WriteIds(CollectionsMarshal.AsSpan(chunk.Ids));
                tokens += chunk.Ids.Count;
                bytes += chunk.Bytes;
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

    private EncodedChunk Encode(List<TextPiece> chunk)
    {
        List<int> ids = [], documents = [];
        long bytes = 0;
        foreach (TextPiece piece in chunk)
        {
            if (piece.StartsDocument && tokenizer.EndOfTextId is { } end) ids.Add(end);
            else if (piece.StartsDocument)
            {
                tokenizer.Encode("\n", ids);
                bytes++;
            }
            if (piece.StartsDocument) documents.Add(ids.Count);
            tokenizer.Encode(piece.Text.Span, ids);
            bytes += Encoding.UTF8.GetByteCount(piece.Text.Span);
        }
        return new(ids, bytes, documents);
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

    /// <param name="Ids">The tokens.</param>
    /// <param name="Bytes">UTF-8 bytes.</param>
    /// <param name="Documents">Where in the tokens documents begin.</param>
    private sealed record EncodedChunk(List<int> Ids, long Bytes, List<int> Documents);
}
