using System.Buffers;
using System.Text;

namespace Sinter.Text;

/// <summary>Short forms of <see cref="ITokenizer"/>'s methods.</summary>
public static class TokenizerExtensions
{
    /// <summary>The ids of a text.</summary>
    /// <exception cref="DataException">The text holds a character outside the vocabulary.</exception>
    public static int[] Encode(this ITokenizer tokenizer, ReadOnlySpan<char> text)
    {
        List<int> ids = [];
        tokenizer.Encode(text, ids);
        return [.. ids];
    }

    /// <summary>The text of ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public static string Decode(this ITokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> utf8 = new();
        tokenizer.Decode(ids, utf8);
        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }
}
