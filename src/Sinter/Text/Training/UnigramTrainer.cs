using System.Text;
using System.Text.Json.Nodes;
using Sinter.Text.BytePair;
using Sinter.Text.Json;
using Sinter.Text.Models;

namespace Sinter.Text.Training;

/// <summary>
/// Trains a tokenizer with a unigram model (see <see cref="UnigramLearner"/>) that gives each text back as it was: a line feed is a token of its own, a
/// word is a space and what follows it, <c>▁</c> stands for a space, and a character that is no piece is its UTF-8 bytes. Ids: the unknown token, the
/// end of text, further special tokens, 256 bytes, the pieces, the most probable first. A <c>▁</c> in the text itself comes back as a space.
/// </summary>
public sealed class UnigramTrainer : ITokenizerTrainer
{
    /// <summary>The smallest vocabulary without further special tokens.</summary>
    public const int SmallestVocabSize = 512;

    private const string Unknown = "<unk>";

    private readonly string[] _special;
    private readonly UnigramLearner _learner;
    private readonly WordCounter _words;

    /// <summary>Creates a trainer that has seen no text.</summary>
    /// <param name="vocabSize">Ids in all, at least <see cref="SmallestVocabSize"/>; fewer if the text has no more pieces.</param>
    /// <param name="specialTokens">Further tokens that are found in the text as they are.</param>
    public UnigramTrainer(int vocabSize, IReadOnlyList<string>? specialTokens = null)
    {
        _special = [.. ((string[])[Unknown, BytePairTokenizer.EndOfText, .. specialTokens ?? []]).Distinct()];
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, SmallestVocabSize - 2 + _special.Length);
        // With all of ASCII, no text that looks like the name of a byte is written with that byte.
        _learner = new(vocabSize - _special.Length - 256, [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => new Rune(c))]);
        _words = WordCounter.Of(TokenizerParts.Stages(Compose([])));
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text) => _words.Add(text);

    /// <inheritdoc/>
    public ITokenizer Train(IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Tokenizers.Read(TokenizerParts.Bytes(Compose(_learner.Learn(_words.Words(), progress, cancellation))));

    private JsonObject Compose(IReadOnlyList<UnigramPiece> pieces)
    {
        JsonArray vocabulary = [];
        double never = pieces.Select(p => p.Score).DefaultIfEmpty(0).Min() - 1000;
        foreach (string token in _special.Concat(Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"))) Add(token, never);
        // Few digits: readers that are not exact to the last bit find the same number.
        foreach (UnigramPiece piece in pieces) Add(piece.Token, piece.Score);
        JsonObject cut = TokenizerParts.Sequence("pretokenizers", TokenizerParts.Split("\n"), TokenizerParts.Metaspace());
        JsonObject decoder = TokenizerParts.Sequence("decoders", TokenizerParts.Replace("▁", " "), new() { ["type"] = "ByteFallback" }, new() { ["type"] = "Fuse" });
        return TokenizerParts.File(TokenizerParts.Unigram(vocabulary, 0, byteFallback: true), TokenizerParts.SpecialTokens(_special), null, cut, null, decoder);

        void Add(string token, double score) => vocabulary.Add((JsonNode)new JsonArray(token, Math.Round(score, 6)));
    }
}
