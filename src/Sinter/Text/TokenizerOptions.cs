using Sinter.Options;

namespace Sinter.Text;

/// <summary>Which tokenizer to train on the training text.</summary>
public sealed class TokenizerOptions
{
    /// <summary>The smallest <c>bpe</c> vocabulary: 256 bytes and the end-of-text token.</summary>
    public const int LeastBpeVocabSize = 257;

    /// <summary>The keys of <c>data.tokenizer</c> in recipes.</summary>
    public static OptionsSchema<TokenizerOptions> Schema { get; } = OptionsSchema.Create<TokenizerOptions>(static b =>
    {
        b.Choice("kind", "The kind of tokenizer: one token per character, per byte, or byte-level byte-pair encoding.",
            o => o.Kind, (o, v) => o.Kind = v, ["characters", "bytes", "bpe"]);
        b.Integer("vocab_size", "The size of a bpe vocabulary, its 256 bytes and the end-of-text token included; the other kinds find their own.",
            o => o.VocabSize, (o, v) => o.VocabSize = v, min: 1, max: 1 << 24);
        b.Rule(["vocab_size", "kind"], static o => o.Kind == "bpe" && o.VocabSize < LeastBpeVocabSize
            ? $"must be at least {LeastBpeVocabSize} for bpe (256 bytes and the end-of-text token), not {o.VocabSize}" : null);
    });

    /// <summary><c>characters</c>, <c>bytes</c> or <c>bpe</c> (byte-level byte-pair encoding).</summary>
    public string Kind { get; set; } = "bpe";

    /// <summary>The size of a <c>bpe</c> vocabulary, its 256 bytes and the end-of-text token included.</summary>
    public int VocabSize { get; set; } = 4096;
}
