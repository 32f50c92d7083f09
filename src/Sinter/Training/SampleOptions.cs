namespace Sinter.Training;

/// <summary>The text sampled before and after training.</summary>
public sealed class SampleOptions
{
    /// <summary>The text to continue; empty begins with the end-of-text token, or the first token.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>Tokens to generate; 0 is no sample.</summary>
    public int MaxNewTokens { get; set; } = 100;

    /// <summary>Sampling temperature; 0 is greedy.</summary>
    public double Temperature { get; set; } = 0.8;

    /// <summary>Sample from this many of the likeliest tokens; 0 is all.</summary>
    public int TopK { get; set; } = 200;
}
