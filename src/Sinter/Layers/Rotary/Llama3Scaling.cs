using Sinter.Tensors.Ops;

namespace Sinter.Layers.Rotary;

/// <summary>
/// Slow pairs are slowed by a factor, fast ones kept, and between them both are mixed (Llama 3.1; Grattafiori et al., "The Llama 3 herd of models", 2024, section
/// 3.4.2).
/// </summary>
/// <param name="Factor">By how much slow pairs are slowed.</param>
/// <param name="LowFrequencyFactor">Turns over the original context below which a pair is slow.</param>
/// <param name="HighFrequencyFactor">Turns over the original context above which a pair is fast.</param>
/// <param name="OriginalContext">The context before.</param>
public sealed record Llama3Scaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RotaryScaling
{
    /// <inheritdoc/>
    public override string Name => "llama3";

    /// <inheritdoc/>
    public override double[] Frequencies(int size, double theta, long length) => Array.ConvertAll(Unscaled(size, theta), frequency =>
    {
        double turns = OriginalContext * frequency / (2 * Math.PI);
        double kept = turns < LowFrequencyFactor ? 0 : turns > HighFrequencyFactor ? 1
            : (turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return kept * frequency + (1 - kept) * frequency / Factor;
    });
}
