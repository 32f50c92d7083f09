using System.Buffers;
using System.Text;

namespace Sinter.Text;

/// <summary>Decodes ids as they arrive and gives complete characters only; bytes that are no UTF-8 become U+FFFD. For one thread.</summary>
public sealed class StreamingDecoder(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Takes one id and gives the characters that it completes, often none or several.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public string Append(int id)
    {
        _bytes.ResetWrittenCount();
        tokenizer.Decode([id], _bytes);
        return Convert(_bytes.WrittenSpan, flush: false);
    }

    /// <summary>Ends the text: a character that was begun and never completed comes out as U+FFFD. The decoder can then begin anew.</summary>
    public string Finish() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = bytes.Length < 256 ? stackalloc char[260] : new char[bytes.Length + 4];
        return new string(chars[.._decoder.GetChars(bytes, chars, flush)]);
    }
}
