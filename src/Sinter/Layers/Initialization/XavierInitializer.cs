using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010): the variance between that which keeps the
/// spread of
/// activations and that which keeps the spread of gradients, gain² · 2 ÷ (fan in + fan out) (equation 12).
/// </summary>
public abstract class XavierInitializer : FanInitializer
{
    /// <inheritdoc/>
    public override double Std(ParameterSpec spec)
    {
        RequireMatrix(spec);
        return ActivationGain * Math.Sqrt(2.0 / (spec.FanIn + spec.FanOut));
    }
}

/// <summary>Uniform within ± gain · √(6 ÷ (fan in + fan out)) (Glorot and Bengio, 2010, equation 16): PyTorch's <c>xavier_uniform_</c>.</summary>
public sealed class XavierUniformInitializer : XavierInitializer
{
    /// <summary>The keys of <c>xavier_uniform</c> in recipes.</summary>
    public static OptionsSchema<XavierUniformInitializer> Schema { get; } = OptionsSchema.Create<XavierUniformInitializer>(
        "Uniform within gain x sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010).", Describe);

    /// <inheritdoc/>
    public override string Name => "xavier_uniform";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => FillUniform(values, spec, seed);
}

/// <summary>Normal with the standard deviation gain · √(2 ÷ (fan in + fan out)): PyTorch's <c>xavier_normal_</c>.</summary>
public sealed class XavierNormalInitializer : XavierInitializer
{
    /// <summary>The keys of <c>xavier_normal</c> in recipes.</summary>
    public static OptionsSchema<XavierNormalInitializer> Schema { get; } = OptionsSchema.Create<XavierNormalInitializer>(
        "Normal with gain x sqrt(2 / (fan in + fan out)) (Glorot and Bengio, 2010).", Describe);

    /// <inheritdoc/>
    public override string Name => "xavier_normal";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => FillNormal(values, spec, seed);
}
