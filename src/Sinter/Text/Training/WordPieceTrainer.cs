using System.Text.Json.Nodes;
using Sinter.Text.BytePair;
using Sinter.Text.Json;

namespace Sinter.Text.Training;

/// <summary>
/// Trains a tokenizer with the stages of BERT's: its normalizer, cuts at white space and punctuation, a WordPiece model, and <c>[CLS] A [SEP]</c>
/// around a text. Ids: <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c>, <c>[SEP]</c>, <c>[MASK]</c>, the end of text, further special tokens, characters, and
/// what merges made (see <see cref="WordPieceLearner"/>, also for how it differs from Hugging Face's trainer).
/// </summary>
public sealed class WordPieceTrainer : ITokenizerTrainer
{
    /// <summary>The smallest vocabulary without further special tokens.</summary>
    public const int SmallestVocabSize = 128;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", BytePairTokenizer.EndOfText];

    private readonly WordPieceLearner _learner;
    private readonly bool _lowercase;
    private readonly WordCounter _words;

    /// <summary>Creates a trainer that has seen no text.</summary>
    /// <param name="vocabSize">Ids in all, at least <see cref="SmallestVocabSize"/>; fewer if the text has no more pairs.</param>
    /// <param name="minFrequency">How often a pair must occur to be merged, at least 1.</param>
    /// <param name="lowercase">Whether letters are lowered and accents taken away.</param>
    /// <param name="specialTokens">Further tokens that are found in the text as they are.</param>
    public WordPieceTrainer(int vocabSize, long minFrequency = 2, bool lowercase = false, IReadOnlyList<string>? specialTokens = null)
    {
        string[] special = [.. Special.Concat(specialTokens ?? []).Distinct()];
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, SmallestVocabSize - Special.Length + special.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(minFrequency, 1);
        (_learner, _lowercase) = (new(vocabSize, special, minFrequency), lowercase);
        _words = WordCounter.Of(TokenizerParts.Stages(Compose(special)));
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text) => _words.Add(text);

    /// <inheritdoc/>
    public ITokenizer Train(IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Tokenizers.Read(TokenizerParts.Bytes(Compose(_learner.Learn(_words.Words(), progress, cancellation))));

    private JsonObject Compose(IReadOnlyList<string> tokens)
    {
        JsonObject vocabulary = [];
        foreach ((int id, string token) in tokens.Index()) vocabulary.Add(token, id);
        TemplateItem start = new("[CLS]", 0), end = new("[SEP]", 0), first = new("A", 0, IsText: true), second = new("B", 1, IsText: true);
        JsonObject template = TokenTemplate.Write([start, first, end], [start, first, end, second, end with { Segment = 1 }],
            token => Array.IndexOf(Special, token));
        return TokenizerParts.File(TokenizerParts.WordPiece(vocabulary), TokenizerParts.SpecialTokens(_learner.SpecialTokens),
            TokenizerParts.BertNormalizer(_lowercase), TokenizerParts.BertPreTokenizer(), template, TokenizerParts.WordPieceDecoder());
    }
}
