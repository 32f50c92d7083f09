namespace Sinter.Text.Characters;

/// <summary>What Hugging Face's tokenizers take a code point for. Its parts know different versions of Unicode, so names that sound alike differ.</summary>
[Flags]
internal enum CharFlags : ushort
{
    /// <summary><c>\p{L}</c> in patterns.</summary>
    Letter = 1,
    /// <summary><c>\p{N}</c> in patterns.</summary>
    Number = 2,
    /// <summary><c>\s</c> in patterns.</summary>
    Space = 4,
    /// <summary><c>\p{M}</c> in patterns.</summary>
    Mark = 8,
    /// <summary><c>\p{Lu}</c> and <c>\p{Lt}</c> in patterns.</summary>
    Upper = 16,
    /// <summary><c>\p{Ll}</c> in patterns.</summary>
    Lower = 32,
    /// <summary>White space to everything that is no pattern.</summary>
    White = 64,
    /// <summary>What <c>Digits</c> cuts.</summary>
    Numeric = 128,
    /// <summary>What <c>Punctuation</c> and <c>BertPreTokenizer</c> cut.</summary>
    Punctuation = 256,
    /// <summary>What BERT's cleaning removes.</summary>
    Control = 512,
    /// <summary>What BERT's cleaning makes a space of.</summary>
    CleanSpace = 1024,
    /// <summary>What BERT's removal of accents removes after the canonical decomposition.</summary>
    NonSpacing = 2048,
    /// <summary>What <c>StripAccents</c> removes.</summary>
    Combining = 4096,
    /// <summary><c>\w</c> of <c>Whitespace</c> and of added tokens that are single words.</summary>
    Word = 8192,
    /// <summary>Has a decomposition.</summary>
    Decomposes = 16384,
    /// <summary>Has another lower case.</summary>
    Lowers = 32768,
}
