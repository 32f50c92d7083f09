namespace Sinter.Models;

/// <summary>What a model makes of its hidden states.</summary>
public enum ModelHead
{
    /// <summary>The logits of the token after each position.</summary>
    LanguageModel,
    /// <summary>The logits of the token at each position, which sees both sides.</summary>
    MaskedLanguageModel,
    /// <summary>One number for each label, or for each value to predict, from the position that stands for the text.</summary>
    Classifier,
}
