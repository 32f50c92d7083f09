using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Uniform between two bounds, with mean (min + max) ÷ 2 and variance (max − min)² ÷ 12. The default, ±0.05, is Keras's: PyTorch's <c>uniform_</c>,
/// [0, 1), would give all weights one sign.
/// </summary>
public sealed class UniformInitializer : Initializer
{
    /// <summary>The keys of <c>uniform</c> in recipes.</summary>
    public static OptionsSchema<UniformInitializer> Schema { get; } = OptionsSchema.Create<UniformInitializer>(
        "Uniform between two bounds.", static b =>
    {
        b.Number("min", "The lower bound.", o => o.Min, (o, v) => o.Min = v, NumberRange.Any);
        b.Number("max", "The upper bound.", o => o.Max, (o, v) => o.Max = v, NumberRange.Any);
        b.Rule(["min", "max"], static o => o.Min > o.Max ? FormattableString.Invariant($"{o.Min} is more than max ({o.Max})") : null);
    });

    /// <inheritdoc/>
    public override string Name => "uniform";

    /// <summary>The lower bound.</summary>
    public double Min { get; set; } = -0.05;

    /// <summary>The upper bound.</summary>
    public double Max { get; set; } = 0.05;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        new ParameterRandom(seed, spec.Name).Uniform(values.Span, Min, Max);
    }
}
