using System.Buffers;
using Sinter.Text.Pipeline;

namespace Sinter.Text;

/// <summary>Turns text into token ids and back. Implementations are immutable and safe to use from several threads.</summary>
public interface ITokenizer
{
    /// <summary>The kind's name in recipes: <c>characters</c>, <c>bytes</c>, <c>bpe</c>, <c>wordpiece</c> or <c>unigram</c>.</summary>
    string Kind { get; }

    /// <summary>The number of ids; every id is in [0, VocabSize).</summary>
    int VocabSize { get; }

    /// <summary>The id that separates documents, or null if the tokenizer has none.</summary>
    int? EndOfTextId { get; }

    /// <summary>The tokens that mean something to a model.</summary>
    SpecialTokens SpecialTokens => new(Eos: EndOfTextId);

    /// <summary>
    /// Whether the text of ids is that of each id after the other. Where it is not, as with words between which spaces are put, a text that grows is
    /// decoded with <see cref="StreamingDecoder"/>.
    /// </summary>
    bool DecodesEachId => true;

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>: those of the text alone, none that a model wants around it.</summary>
    /// <exception cref="DataException">The text holds a character outside the vocabulary.</exception>
    void Encode(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>
    /// Encodes a text or a pair of texts as Hugging Face's <c>Tokenizer.encode</c> does: with the places of tokens, cut and filled up as the file says.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether to put the tokens around it that the model wants.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxLength">The most tokens, special ones included; the longer text is cut first. Null has the file say so.</param>
    /// <exception cref="DataException">The text holds a character outside the vocabulary, or can't be cut as the file says.</exception>
    TokenEncoding Encode(string text, bool addSpecialTokens, string? pair = null, int? maxLength = null) =>
        TokenPipeline.Of(this).Encode(text, addSpecialTokens, pair, maxLength);

    /// <summary>Appends the UTF-8 bytes of <paramref name="ids"/> to <paramref name="utf8"/>. One id alone may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8);

    /// <summary>The text of ids as Hugging Face's <c>Tokenizer.decode</c> gives it.</summary>
    /// <param name="ids">The ids; those that no token has are left out.</param>
    /// <param name="skipSpecialTokens">Whether to leave out special tokens.</param>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => TokenPipeline.Of(this).Decode(ids, skipSpecialTokens);

    /// <summary>The id of a token, as the vocabulary writes it, or null.</summary>
    int? IdOf(string token) => TokenPipeline.Of(this).IdOf(token);

    /// <summary>The token of an id, as the vocabulary writes it; empty if there is none.</summary>
    string TokenOf(int id) => TokenPipeline.Of(this).TokenOf(id);

    /// <summary>The content of a Hugging Face <c>tokenizer.json</c> that gives the same ids.</summary>
    byte[] ToJson();
}
