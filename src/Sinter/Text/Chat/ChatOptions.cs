namespace Sinter.Text.Chat;

/// <summary>What a chat template is given beside the messages.</summary>
public sealed record ChatOptions
{
    /// <summary>Whether the beginning of the assistant's next turn is added, for a model to go on from.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>The tokenizer's special tokens.</summary>
    public ChatTokens Tokens { get; init; } = new();

    /// <summary>Today, for templates that write the date; null has them refuse, so that what is made does not depend on the day.</summary>
    public DateTime? Today { get; init; }
}
