using Sinter.Tensors.Ops;

namespace Sinter.Layers.Rotary;

/// <summary>Positions are divided by a factor (Chen et al., "Extending context window of large language models via positional interpolation", 2023,
/// equation 3).</summary>
/// <param name="Factor">By how much texts are longer.</param>
public sealed record LinearScaling(double Factor) : RotaryScaling
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override double[] Frequencies(int size, double theta, long length) => Array.ConvertAll(Unscaled(size, theta), f => f / Factor);
}
