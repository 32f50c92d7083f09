using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Sinter.Text.Decoders;

/// <summary><c>ByteFallback</c>: joins tokens such as <c>&lt;0xE4&gt;</c> to characters; where they make none, each is U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : ITokenDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        List<string> made = new(tokens.Count);
        List<byte> bytes = [];
        foreach (string token in tokens)
        {
            if (ByteOf(token) is { } b)
            {
                bytes.Add(b);
                continue;
            }
            Flush(bytes, made);
            made.Add(token);
        }
        Flush(bytes, made);
        return made;
    }

    private static byte? ByteOf(string token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>') return null;
        // The reference reads "+A" as a number too.
        return token[3] == '+' && char.IsAsciiHexDigit(token[4]) ? (byte)Convert.ToInt32(token[4..5], 16)
            : byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b) ? b : null;
    }

    private static void Flush(List<byte> bytes, List<string> made)
    {
        if (bytes.Count == 0) return;
        ReadOnlySpan<byte> utf8 = CollectionsMarshal.AsSpan(bytes);
        if (Utf8.IsValid(utf8)) made.Add(Encoding.UTF8.GetString(utf8));
        else made.AddRange(Enumerable.Repeat("\uFFFD", bytes.Count));
        bytes.Clear();
    }
}
