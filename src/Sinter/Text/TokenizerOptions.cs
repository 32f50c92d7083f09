using Sinter.Options;
using Sinter.Text.Training;

namespace Sinter.Text;

/// <summary>Which tokenizer to train on the training text.</summary>
public sealed class TokenizerOptions
{
    private static readonly string[] Sized = ["bpe", "wordpiece", "unigram"];

    /// <summary>The keys of <c>data.tokenizer</c> in recipes.</summary>
    public static OptionsSchema<TokenizerOptions> Schema { get; } = OptionsSchema.Create<TokenizerOptions>(static b =>
    {
        b.Choice("kind", "The kind of tokenizer: one token per character, per byte, byte-level byte-pair encoding, WordPiece as BERT has it, or a unigram "
            + "model as SentencePiece has it, which falls back to bytes.", o => o.Kind, (o, v) => o.Kind = v, Tokenizers.Kinds);
        b.Integer("vocab_size", "The size of the vocabulary of a bpe, a wordpiece or a unigram, its bytes and special tokens included; the other kinds find "
            + "their own.", o => o.VocabSize, (o, v) => o.VocabSize = v, min: 1, max: 1 << 24);
        b.Integer("min_frequency", "How often a pair must occur in the training text for a bpe or a wordpiece to merge it.", o => o.MinFrequency,
            (o, v) => o.MinFrequency = v, min: 1);
        b.Boolean("lowercase", "Whether a wordpiece lowers letters and takes accents away, as BERT's uncased models do.", o => o.Lowercase,
            (o, v) => o.Lowercase = v);
        b.Texts("special_tokens", "Further tokens of a bpe, a wordpiece or a unigram that are found in the text as they are, such as the marks of a chat.",
            o => o.SpecialTokens, (o, v) => o.SpecialTokens = v);
        b.Rule(["vocab_size", "kind"], static o => o.HasVocabSize && o.VocabSize < o.LeastVocabSize()
            ? $"must be at least {o.LeastVocabSize()} for {o.Kind} ({o.LeastContent}), not {o.VocabSize}" : null);
        b.Rule(["special_tokens"], static o => o.SpecialTokens.FirstOrDefault(t => t.Length < 2) is { } t ? $"'{t}' is too short; give at least two characters" : null);
    });

    /// <summary><c>characters</c>, <c>bytes</c>, <c>bpe</c> (byte-level byte-pair encoding), <c>wordpiece</c> or <c>unigram</c>.</summary>
    public string Kind { get; set; } = "bpe";

    /// <summary>The size of the vocabulary of a <c>bpe</c>, a <c>wordpiece</c> or a <c>unigram</c>, its bytes and special tokens included.</summary>
    public int VocabSize { get; set; } = 4096;

    /// <summary>How often a pair must occur for a <c>bpe</c> or a <c>wordpiece</c> to merge it.</summary>
    public long MinFrequency { get; set; } = 2;

    /// <summary>Whether a <c>wordpiece</c> lowers letters and takes accents away.</summary>
    public bool Lowercase { get; set; }

    /// <summary>Further tokens that are found in the text as they are.</summary>
    public IReadOnlyList<string> SpecialTokens { get; set; } = [];

    /// <summary>Whether <see cref="VocabSize"/> means something for the kind.</summary>
    public bool HasVocabSize => Sized.Contains(Kind);

    /// <summary>What decides which tokenizer is made of a text, as a text.</summary>
    internal string Identity
    {
        get
        {
            string identity = $"{Kind} {(HasVocabSize ? VocabSize : 0)}";
            if (HasVocabSize && Kind != "unigram" && MinFrequency != 2) identity += $" min_frequency {MinFrequency}";
            if (Kind == "wordpiece" && Lowercase) identity += " lowercase";
            return HasVocabSize && SpecialTokens.Count > 0 ? $"{identity} special_tokens {string.Join('\0', SpecialTokens)}" : identity;
        }
    }

    private string LeastContent => (SpecialTokens.Count, Kind) switch
    {
        (0, "bpe") => "256 bytes and the end-of-text token",
        (_, "bpe") => "256 bytes, the end-of-text token and the special ones",
        (_, "wordpiece") => "its special tokens and some characters",
        _ => "its special tokens, 256 bytes and some characters",
    };

    internal int LeastVocabSize() => SpecialTokens.Distinct().Count() + Kind switch
    {
        "wordpiece" => WordPieceTrainer.SmallestVocabSize,
        "unigram" => UnigramTrainer.SmallestVocabSize,
        _ => BytePairTrainer.SmallestVocabSize,
    };
}
