using System.Buffers;

namespace Sinter.Text;

/// <summary>Turns text into token ids and back. Implementations are immutable and safe to use from several threads.</summary>
public interface ITokenizer
{
    /// <summary>The kind's name in recipes: <c>characters</c>, <c>bytes</c> or <c>bpe</c>.</summary>
    string Kind { get; }

    /// <summary>The number of ids; every id is in [0, VocabSize).</summary>
    int VocabSize { get; }

    /// <summary>The id that separates documents, or null if the tokenizer has none.</summary>
    int? EndOfTextId { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>.</summary>
    /// <exception cref="DataException">The text holds a character outside the vocabulary.</exception>
    void Encode(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>Appends the UTF-8 bytes of <paramref name="ids"/> to <paramref name="utf8"/>. One id alone may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8);

    /// <summary>The content of a Hugging Face <c>tokenizer.json</c> that gives the same ids.</summary>
    byte[] ToJson();
}
