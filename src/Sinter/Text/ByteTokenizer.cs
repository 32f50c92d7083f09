using System.Buffers;
using System.Text;
using Sinter.Text.Json;

namespace Sinter.Text;

/// <summary>Each UTF-8 byte is its own id: 256 of them. An unpaired surrogate is taken for U+FFFD.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <summary>There is only one.</summary>
    public static readonly ByteTokenizer Instance = new();

    private ByteTokenizer() { }

    /// <inheritdoc/>
    public string Kind => "bytes";

    /// <inheritdoc/>
    public int VocabSize => 256;

    /// <inheritdoc/>
    public int? EndOfTextId => null;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        Span<byte> utf8 = stackalloc byte[3 * 256];
        while (!text.IsEmpty)
        {
            int take = Math.Min(text.Length, 256);
            if (take < text.Length && char.IsHighSurrogate(text[take - 1])) take--;
            int size = Encoding.UTF8.GetBytes(text[..take], utf8);
            foreach (byte b in utf8[..size]) ids.Add(b);
            text = text[take..];
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8)
    {
        Span<byte> bytes = utf8.GetSpan(Math.Max(1, ids.Length));
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] > 255) throw new ArgumentOutOfRangeException(nameof(ids), ids[i], "a byte's id is in [0, 256)");
            bytes[i] = (byte)ids[i];
        }
        utf8.Advance(ids.Length);
    }

    /// <inheritdoc/>
    public byte[] ToJson() => TokenizerJsonWriter.WriteBytes();
}
