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

    /// <summary>The text of ids that follow others: with many tokenizers a text's first word is without the space before it.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="before">What comes before.</param>
    /// <param name="ids">The ids whose text is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public static string DecodeAfter(this ITokenizer tokenizer, ReadOnlySpan<int> before, ReadOnlySpan<int> ids)
    {
        if (tokenizer.DecodesEachId) return tokenizer.Decode(ids);
        StringBuilder text = new();
        StreamingDecoder decoder = new(tokenizer, before);
        foreach (int id in ids) text.Append(decoder.Append(id));
        return text.Append(decoder.Finish()).ToString();
    }
}
