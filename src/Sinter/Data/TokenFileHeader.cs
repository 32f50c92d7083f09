using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sinter.Data;

/// <summary>
/// The beginning of a token file, little-endian: the magic number, ten 64-bit fields in the order of this record, the SHA-256 of the content, then
/// the SHA-256 of all that and the tokenizer. The tokenizer follows, then from a multiple of 64 on the training tokens and the validation tokens, and from a
/// multiple of 8 on the index of the first token of each training and validation document.
/// </summary>
internal readonly record struct TokenFileHeader(long Width, long VocabSize, long TrainTokens, long ValidationTokens, long TrainBytes,
    long ValidationBytes,
    long TokenizerLength, long FileLength, long TrainDocuments, long ValidationDocuments, byte[] ContentHash)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 8 + 8 * Fields + 32 + 32;

    /// <summary>Part of a file's name, so that versions of this format do not take each other's files for damaged ones.</summary>
    public const int Version = 2;

    private const int Fields = 10;
    private const int Signed = Size - 32;
    private static ReadOnlySpan<byte> Magic => "SNTRTOK2"u8;

    /// <summary>Where the tokens begin.</summary>
    public long TokensStart => (Size + TokenizerLength + 63) / 64 * 64;

    /// <summary>Where the documents' indexes begin.</summary>
    public long DocumentsStart => (TokensStart + (TrainTokens + ValidationTokens) * Width + 7) / 8 * 8;

    /// <summary>The file's length that the counts make.</summary>
    public long ExpectedLength => DocumentsStart + (TrainDocuments + ValidationDocuments) * sizeof(long);

    /// <summary>The bytes of the header.</summary>
    public byte[] Write(ReadOnlySpan<byte> tokenizer)
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        ReadOnlySpan<long> fields = [Width, VocabSize, TrainTokens, ValidationTokens, TrainBytes, ValidationBytes, TokenizerLength, FileLength,
            TrainDocuments, ValidationDocuments];
        for (int i = 0; i < fields.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 + 8 * i), fields[i]);
        ContentHash.CopyTo(bytes, 8 + 8 * Fields);
        Sign(bytes, tokenizer).CopyTo(bytes, Signed);
        return bytes;
    }

    /// <summary>Reads a header, or gives null if it is damaged or belongs to another file.</summary>
    /// <param name="bytes">The file's beginning, at least the header and the tokenizer.</param>
    /// <param name="fileLength">The file's real length.</param>
    public static TokenFileHeader? Read(ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return null;
        Span<long> f = stackalloc long[Fields];
        for (int i = 0; i < Fields; i++) f[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 + 8 * i)..]);
        TokenFileHeader header = new(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], bytes.Slice(8 + 8 * Fields, 32).ToArray());
        if (f[7] != fileLength || f[6] < 0 || f[6] > bytes.Length - Size) return null;
        bool signed = Sign(bytes[..Size], bytes.Slice(Size, (int)f[6])).AsSpan().SequenceEqual(bytes.Slice(Signed, 32));
        return signed && header.ExpectedLength == fileLength && header.Width is 2 or 4 ? header : null;
    }

    private static byte[] Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header[..Signed]);
        hash.AppendData(tokenizer);
        return hash.GetHashAndReset();
    }
}
