namespace Sinter.Text;

/// <summary>Which tokenizer to train on the training text.</summary>
public sealed class TokenizerOptions
{
    /// <summary><c>characters</c>, <c>bytes</c> or <c>bpe</c> (byte-level byte-pair encoding).</summary>
    public string Kind { get; set; } = "bpe";

    /// <summary>The size of a <c>bpe</c> vocabulary, its 256 bytes and the end-of-text token included.</summary>
    public int VocabSize { get; set; } = 4096;
}
