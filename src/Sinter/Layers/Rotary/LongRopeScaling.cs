using Sinter.Tensors.Ops;

namespace Sinter.Layers.Rotary;

/// <summary>
/// Each pair is slowed by a factor of its own, by another where the text is longer than the original context (Ding et al., "LongRoPE", 2024; Phi-3).
/// </summary>
/// <param name="ShortFactors">For texts up to the original context, one for each pair.</param>
/// <param name="LongFactors">For longer texts.</param>
/// <param name="OriginalContext">The context before.</param>
/// <param name="Context">The model's context.</param>
public sealed record LongRopeScaling(ValueList<double> ShortFactors, ValueList<double> LongFactors, int OriginalContext, int Context) : RotaryScaling
{
    /// <inheritdoc/>
    public override string Name => "longrope";

    /// <summary>By how much texts are longer where the file states it; null is <see cref="Context"/> ÷ <see cref="OriginalContext"/>.</summary>
    public double? Factor { get; init; }

    /// <summary>The factor of cosines and sines where the file states it.</summary>
    public double? GivenAttentionFactor { get; init; }

    /// <inheritdoc/>
    public override double AttentionFactor
    {
        get
        {
            double factor = Factor ?? (double)Context / OriginalContext;
            return GivenAttentionFactor ?? (factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(OriginalContext)));
        }
    }

    /// <inheritdoc/>
    public override int? Stage(long length) => length > OriginalContext ? 1 : 0;

    /// <inheritdoc/>
    public override double[] Frequencies(int size, double theta, long length)
    {
        var factors = length > OriginalContext ? LongFactors : ShortFactors;
        if (factors.Count != size / 2) throw new ArgumentException($"[rotary] {factors.Count} factors of longrope for {size / 2} pairs.");
        var frequencies = Unscaled(size, theta);
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] /= factors[i];
        return frequencies;
    }
}
