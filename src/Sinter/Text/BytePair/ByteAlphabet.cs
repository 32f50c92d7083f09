namespace Sinter.Text.BytePair;

/// <summary>
/// The one-to-one map between bytes and printable characters with which GPT-2's vocabulary files write bytes: a byte that is a printable character of
/// Latin-1 is itself, the 68 others are U+0100 and up in order.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = CreateChars();
    private static readonly short[] Bytes = CreateBytes();

    /// <summary>The 256 bytes in the order of their characters.</summary>
    public static byte[] InCharacterOrder() => [.. Enumerable.Range(0, 256).Select(b => (byte)b).OrderBy(b => Chars[b])];

    /// <summary>The character of a byte.</summary>
    public static char CharOf(byte b) => Chars[b];

    /// <summary>Writes bytes as characters.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++) chars[i] = Chars[bytes[i]];
        return new string(chars);
    }

    /// <summary>Reads bytes from characters, or gives null where a character stands for no byte.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> chars)
    {
        byte[] bytes = new byte[chars.Length];
        for (int i = 0; i < chars.Length; i++)
        {
            short b = chars[i] < Bytes.Length ? Bytes[chars[i]] : (short)-1;
            if (b < 0) return null;
            bytes[i] = (byte)b;
        }
        return bytes;
    }

    private static char[] CreateChars()
    {
        char[] chars = new char[256];
        char next = '\u0100';
        for (int b = 0; b < 256; b++) chars[b] = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF ? (char)b : next++;
        return chars;
    }

    private static short[] CreateBytes()
    {
        short[] bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++) bytes[Chars[b]] = (short)b;
        return bytes;
    }
}
