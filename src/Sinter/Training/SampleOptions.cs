using Sinter.Options;

namespace Sinter.Training;

/// <summary>The text sampled before and after training.</summary>
public sealed class SampleOptions
{
    /// <summary>The keys of <c>sample</c> in recipes.</summary>
    public static OptionsSchema<SampleOptions> Schema { get; } = OptionsSchema.Create<SampleOptions>(static b =>
    {
        b.Text("prompt", "The text to continue; empty begins with the end-of-text token, or the first token.", o => o.Prompt, (o, v) => o.Prompt = v);
        b.Integer("max_new_tokens", "Tokens to generate; 0 is no sample.", o => o.MaxNewTokens, (o, v) => o.MaxNewTokens = v);
        b.Number("temperature", "Sampling temperature; 0 is greedy.", o => o.Temperature, (o, v) => o.Temperature = v, NumberRange.NotNegative);
        b.Integer("top_k", "Sample from this many of the likeliest tokens; 0 is all.", o => o.TopK, (o, v) => o.TopK = v);
    });

    /// <summary>The text to continue; empty begins with the end-of-text token, or the first token.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>Tokens to generate; 0 is no sample.</summary>
    public int MaxNewTokens { get; set; } = 100;

    /// <summary>Sampling temperature; 0 is greedy.</summary>
    public double Temperature { get; set; } = 0.8;

    /// <summary>Sample from this many of the likeliest tokens; 0 is all.</summary>
    public int TopK { get; set; } = 200;
}
