using System.Buffers;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace Sinter.Data;

/// <summary>Reads files of UTF-8 in pieces, and says where one is not.</summary>
internal static class Utf8Files
{
    private const int BlockBytes = 1 << 18;
    private const int LongestPiece = 1 << 26;

    /// <summary>Opens a file for reading from its start to its end.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The file's length, 0 if it has vanished.</summary>
    public static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Reads the next bytes.</summary>
    public static int Read(FileStream file, Span<byte> buffer)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (IOException e)
        {
            throw Unreadable(file.Name, e);
        }
    }

    /// <summary>Adds a file's length and bytes to a hash.</summary>
    public static void AddContent(string path, IncrementalHash hash, CancellationToken cancellation)
    {
        using FileStream file = Open(path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        long length = 0;
        for (int size; (size = Read(file, buffer)) > 0; length += size)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, size);
        }
        hash.AppendData(BitConverter.GetBytes(length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>The file's text without its byte-order mark, in pieces as <see cref="TextPiece"/> says.</summary>
    public static IEnumerable<ReadOnlyMemory<char>> ReadPieces(string path, CancellationToken cancellation)
    {
        using FileStream file = Open(path);
        byte[] bytes = new byte[BlockBytes];
        ArrayBufferWriter<char> pending = new(BlockBytes + 16);
        long offset = 0;
        for (int held = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            int size = Read(file, bytes.AsSpan(held));
            Span<byte> block = bytes.AsSpan(0, held + size);
            int used = offset == 0 ? ByteOrderMark(path, block) : 0;
            used += Decode(path, block[used..], offset + used, final: size == 0, pending);
            offset += used;
            held = block.Length - used;
            block[used..].CopyTo(bytes);
            int cut = size == 0 ? pending.WrittenCount : Cut(pending.WrittenSpan);
            if (cut > 0)
            {
                yield return pending.WrittenSpan[..cut].ToArray();
                char[] rest = pending.WrittenSpan[cut..].ToArray();
                pending.ResetWrittenCount();
                pending.Write(rest);
            }
            if (size == 0) yield break;
        }
    }

    /// <summary>The error for bytes that are no text.</summary>
    public static DataException Invalid(string path, ReadOnlySpan<byte> bytes, long offset)
    {
        byte bad = bytes.IsEmpty ? (byte)0 : bytes[0];
        return new($"{path}: byte 0x{bad:X2} at offset {offset} is not UTF-8; save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`");
    }

    /// <summary>The error for a NUL byte.</summary>
    public static DataException Binary(string path, long offset) =>
        new($"{path}: the file is binary: there is a NUL byte at offset {offset}; give a text file");

    /// <summary>The error of the system.</summary>
    public static DataException Unreadable(string path, Exception e) => new($"{path}: the file can't be read: {e.Message}", e);

    private static int ByteOrderMark(string path, ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new DataException($"{path}: the file is UTF-16 by its byte-order mark at offset 0; save it as UTF-8");
        return start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
    }

    private static int Decode(string path, ReadOnlySpan<byte> block, long offset, bool final, ArrayBufferWriter<char> pending)
    {
        int nul = block.IndexOf((byte)0);
        if (nul >= 0) throw Binary(path, offset + nul);
        Span<char> chars = pending.GetSpan(block.Length + 1);
        OperationStatus status = Utf8.ToUtf16(block, chars, out int used, out int written, replaceInvalidSequences: false, isFinalBlock: final);
        if (status == OperationStatus.InvalidData) throw Invalid(path, block[used..], offset + used);
        pending.Advance(written);
        return used;
    }

    /// <summary>Where a piece may end: before the last line feed that follows a letter or digit, or anywhere once there is far too much.</summary>
    private static int Cut(ReadOnlySpan<char> text)
    {
        for (int i = text.LastIndexOf('\n'); i > 0; i = text[..i].LastIndexOf('\n'))
            if (char.IsLetterOrDigit(text[i - 1])) return i;
        if (text.Length < LongestPiece) return 0;
        return char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
    }
}
