namespace Sinter.Generation;

/// <summary>How the next token is chosen.</summary>
public sealed class GenerationOptions
{
    /// <summary>Tokens to add at most.</summary>
    public int MaxNewTokens { get; set; } = 100;

    /// <summary>Divides the logits; 0 takes the likeliest token.</summary>
    public double Temperature { get; set; } = 1;

    /// <summary>Choose among this many of the likeliest; 0 is all.</summary>
    public int TopK { get; set; }

    /// <summary>Choose among the likeliest that together have this probability (Holtzman et al., 2020); 1 is all.</summary>
    public double TopP { get; set; } = 1;

    /// <summary>Divides positive and multiplies negative logits of tokens already there (Keskar et al., 2019, section 4.1); 1 is none.</summary>
    public double RepetitionPenalty { get; set; } = 1;

    /// <summary>Decides the choices.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>The token that ends the text; null is the model's own, −1 none.</summary>
    public int? EndToken { get; set; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SinterException">Lists what is wrong.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        if (MaxNewTokens < 0) errors.Add($"max_new_tokens is {MaxNewTokens}; it is 0 or more");
        if (!(Temperature >= 0) || !double.IsFinite(Temperature)) errors.Add($"temperature is {Temperature}; it is 0 (the likeliest token) or more");
        if (TopK < 0) errors.Add($"top_k is {TopK}; it is 0 (all tokens) or more");
        if (!(TopP > 0 && TopP <= 1)) errors.Add($"top_p is {TopP}; it is above 0 and at most 1 (all tokens)");
        if (!(RepetitionPenalty > 0) || !double.IsFinite(RepetitionPenalty)) errors.Add($"repetition_penalty is {RepetitionPenalty}; it is above 0, and 1 is none");
        if (errors.Count > 0) throw new SinterException(string.Join(Environment.NewLine, errors));
    }
}
