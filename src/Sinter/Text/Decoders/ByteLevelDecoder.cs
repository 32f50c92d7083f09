using System.Buffers;
using System.Text;
using Sinter.Text.BytePair;

namespace Sinter.Text.Decoders;

/// <summary><c>ByteLevel</c>: reads the characters of GPT-2's alphabet as bytes; a token with others is itself.</summary>
internal sealed class ByteLevelDecoder : ITokenDecoder
{
    /// <summary>The bytes of a token.</summary>
    public static byte[] Bytes(string token) => ByteAlphabet.Decode(token) ?? Encoding.UTF8.GetBytes(token);

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        ArrayBufferWriter<byte> utf8 = new();
        foreach (string token in tokens) utf8.Write(Bytes(token));
        return [Encoding.UTF8.GetString(utf8.WrittenSpan)];
    }
}
