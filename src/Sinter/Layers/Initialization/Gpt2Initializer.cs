using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Normal, and for the matrices that end a branch of the residual stream divided by √n, n their number, two in each block: so the stream's spread
/// does not grow
/// with the depth. Radford et al., "Language models are unsupervised multitask learners" (2019), section 2.3.
/// </summary>
public sealed class Gpt2Initializer : Initializer
{
    /// <summary>The keys of <c>gpt2</c> in recipes.</summary>
    public static OptionsSchema<Gpt2Initializer> Schema { get; } = OptionsSchema.Create<Gpt2Initializer>(
        "Normal, divided at the ends of branches by the root of their number (Radford et al., 2019).", static b =>
        b.Number("std", "The standard deviation of matrices that do not end a branch.", o => o.Std, (o, v) => o.Std = v, NumberRange.NotNegative));

    /// <inheritdoc/>
    public override string Name => "gpt2";

    /// <summary>The standard deviation of matrices that do not end a branch.</summary>
    public double Std { get; set; } = 0.02;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        double std = spec.ResidualProjections > 0 ? Std / Math.Sqrt(spec.ResidualProjections) : Std;
        new ParameterRandom(seed, spec.Name).Normal(values.Span, 0, std);
    }
}
