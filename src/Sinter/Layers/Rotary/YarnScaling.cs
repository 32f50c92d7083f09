using Sinter.Tensors.Ops;

namespace Sinter.Layers.Rotary;

/// <summary>
/// Pairs are slowed by a factor, the faster ones less, along a ramp over their numbers, and attention is sharpened (Peng et al., "YaRN: efficient context window
/// extension of large language models", 2023, section 3).
/// </summary>
/// <param name="Factor">By how much texts are longer.</param>
/// <param name="OriginalContext">The context before.</param>
public sealed record YarnScaling(double Factor, int OriginalContext) : RotaryScaling
{
    /// <inheritdoc/>
    public override string Name => "yarn";

    /// <summary>Turns over the original context at which the ramp begins (β in the paper).</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Turns over the original context at which the ramp ends (α in the paper).</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Whether the ramp begins and ends at whole pairs.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>The factor of cosines and sines where the file states it; null is the paper's, 0.1 ln(factor) + 1.</summary>
    public double? GivenAttentionFactor { get; init; }

    /// <summary>Multiplies the 0.1 of the paper's factor, where both this and <see cref="MScaleAllDimensions"/> are given.</summary>
    public double? MScale { get; init; }

    /// <summary>As <see cref="MScale"/>, of the factor that it is divided by.</summary>
    public double? MScaleAllDimensions { get; init; }

    /// <inheritdoc/>
    public override double AttentionFactor => GivenAttentionFactor
        ?? (MScale is { } scale && scale != 0 && MScaleAllDimensions is { } all && all != 0 ? Sharpening(scale) / Sharpening(all) : Sharpening(1));

    /// <inheritdoc/>
    public override double[] Frequencies(int size, double theta, long length)
    {
        double first = Pair(BetaFast, size, theta), last = Pair(BetaSlow, size, theta);
        if (Truncate) (first, last) = (Math.Floor(first), Math.Ceiling(last));
        (first, last) = (Math.Max(first, 0), Math.Min(last, size - 1));
        if (first == last) last += 0.001;
        var frequencies = Unscaled(size, theta);
        for (int i = 0; i < frequencies.Length; i++)
        {
            double slowed = Math.Clamp((i - first) / (last - first), 0, 1);
            frequencies[i] *= 1 - slowed + slowed / Factor;
        }
        return frequencies;
    }

    /// <summary>The pair that turns so often over the original context.</summary>
    private double Pair(double turns, int size, double theta) => size * Math.Log(OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));

    private double Sharpening(double scale) => Factor <= 1 ? 1 : 0.1 * scale * Math.Log(Factor) + 1;
}
