using Sinter.Tensors.Ops;

namespace Sinter.Layers.Rotary;

/// <summary>
/// θ grows with the text once it is longer than the context: "dynamic NTK" (Peng et al., "YaRN", 2023, appendix B.1). With a cache, keys keep the angles that they
/// were turned by, as in transformers.
/// </summary>
/// <param name="Factor">By how much texts may be longer.</param>
/// <param name="Context">The context of the model without it.</param>
public sealed record DynamicScaling(double Factor, int Context) : RotaryScaling
{
    /// <inheritdoc/>
    public override string Name => "dynamic";

    /// <inheritdoc/>
    public override long Reach(long context) => (long)Math.Min(context * Factor, int.MaxValue);

    /// <inheritdoc/>
    public override int? Stage(long length) => length <= Context ? 0 : null;

    /// <inheritdoc/>
    public override double[] Frequencies(int size, double theta, long length)
    {
        if (length <= Context || size <= 2) return Unscaled(size, theta);
        double grown = Factor * length / Context - (Factor - 1);
        return Unscaled(size, theta * Math.Pow(grown, size / (size - 2.0)));
    }
}
