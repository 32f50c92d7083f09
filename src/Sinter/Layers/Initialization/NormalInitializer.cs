using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>Normal, of any mean and standard deviation. The default, 0.02, is transformers' <c>initializer_range</c>; PyTorch's <c>normal_</c> has
/// 1.</summary>
public sealed class NormalInitializer : Initializer
{
    /// <summary>The keys of <c>normal</c> in recipes.</summary>
    public static OptionsSchema<NormalInitializer> Schema { get; } = OptionsSchema.Create<NormalInitializer>(
        "Normal with a mean and a standard deviation.", static b =>
    {
        b.Number("mean", "The mean.", o => o.Mean, (o, v) => o.Mean = v, NumberRange.Any);
        b.Number("std", "The standard deviation.", o => o.Std, (o, v) => o.Std = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "normal";

    /// <summary>The mean.</summary>
    public double Mean { get; set; }

    /// <summary>The standard deviation.</summary>
    public double Std { get; set; } = 0.02;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Fill(values.Span, seed, spec.Name);
    }

    /// <summary>Writes values: a function of seed, name and position alone.</summary>
    public void Fill(Span<float> values, ulong seed, string name) => new ParameterRandom(seed, name).Normal(values, Mean, Std);
}
