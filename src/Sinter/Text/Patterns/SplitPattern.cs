namespace Sinter.Text.Patterns;

/// <summary>How a byte-level tokenizer cuts text into words before it merges bytes; no token crosses a cut.</summary>
public enum SplitPattern
{
    /// <summary>The text is one word.</summary>
    None,
    /// <summary>GPT-2's: contractions; a space and letters, numbers or other signs; whitespace, whose last space goes to the next word.</summary>
    Gpt2,
    /// <summary>Llama 3's: contractions in any case, numbers of at most three digits, and line ends kept together.</summary>
    Llama3,
    /// <summary>Llama 3's with single digits, as Qwen 2 has it.</summary>
    SingleDigits,
    /// <summary>GPT-4o's: words that may begin with capitals, with contractions at their end, and slashes kept with line ends.</summary>
    O200k,
    /// <summary>GPT-4o's with single digits and no contractions, as Mistral has it.</summary>
    Tekken,
}
