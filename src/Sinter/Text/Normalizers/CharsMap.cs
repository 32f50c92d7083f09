using System.Buffers.Binary;
using System.Text;

namespace Sinter.Text.Normalizers;

/// <summary>
/// The replacements that a SentencePiece model holds: a double-array trie of 32-bit units over UTF-8 (as in Darts-clone), whose values are offsets of
/// texts that end with a zero byte.
/// </summary>
internal sealed class CharsMap
{
    private const int LongestText = 1024;

    private static readonly string Same = new('=', 1);

    private readonly uint[] _trie;
    private readonly byte[] _texts;

    private readonly string?[] _single = new string?[0x10000];   // of characters that were asked for; the map's own strings, or Same

    private CharsMap(uint[] trie, byte[] texts) => (_trie, _texts) = (trie, texts);

    /// <summary>Reads the bytes of a map, or gives null if they are none.</summary>
    public static CharsMap? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size > bytes.Length - 4 || size < 4) return null;
        uint[] trie = new uint[size / 4];
        for (int i = 0; i < trie.Length; i++) trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * i)..]);
        byte[] texts = bytes[(4 + 4 * trie.Length)..].ToArray();
        return System.Text.Unicode.Utf8.IsValid(texts) ? new(trie, texts) : null;
    }

    /// <summary>What the shortest prefix of a text that is in the map becomes, or null.</summary>
    public string? Find(ReadOnlySpan<char> text)
    {
        if (text.Length != 1) return Look(text);
        string known = _single[text[0]] ??= Look(text) ?? Same;
        return ReferenceEquals(known, Same) ? null : known;
    }

    private string? Look(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[64];
        int length = Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, 16)], utf8);
        uint at = Offset(_trie[0]);
        foreach (byte b in utf8[..length])
        {
            at ^= b;
            if (b == 0 || at >= _trie.Length || (_trie[at] & 0x800000FF) != b) return null;
            uint unit = _trie[at];
            at ^= Offset(unit);
            if ((unit >> 8 & 1) == 0) continue;
            return at < _trie.Length ? Text(_trie[at] & 0x7FFFFFFF) : null;
        }
        return null;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private string? Text(uint start)
    {
        if (start > _texts.Length) return null;
        ReadOnlySpan<byte> rest = _texts.AsSpan((int)start);
        int end = rest.IndexOf((byte)0);
        return (end < 0 ? rest.Length : end) <= LongestText ? Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]) : null;
    }
}
