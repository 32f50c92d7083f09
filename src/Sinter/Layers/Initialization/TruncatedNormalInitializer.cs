using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Normal on the condition of being within some standard deviations of the mean: no weight is far out. <see cref="Std"/> is that of the normal before
/// the cut, as in PyTorch's <c>trunc_normal_</c>; with the cut at 2 the values themselves have 0.88 of it. PyTorch gives the cut as two numbers a
/// and b on
/// the weight's own scale, ±2, which with a deviation of 0.02 cuts nothing; here it is in standard deviations: a, b = mean ∓ cutoff · std.
/// </summary>
public sealed class TruncatedNormalInitializer : Initializer
{
    /// <summary>The keys of <c>truncated_normal</c> in recipes.</summary>
    public static OptionsSchema<TruncatedNormalInitializer> Schema { get; } = OptionsSchema.Create<TruncatedNormalInitializer>(
        "Normal, cut off some standard deviations from the mean (PyTorch's trunc_normal_).", static b =>
    {
        b.Number("mean", "The mean.", o => o.Mean, (o, v) => o.Mean = v, NumberRange.Any);
        b.Number("std", "The standard deviation before the cut.", o => o.Std, (o, v) => o.Std = v, NumberRange.NotNegative);
        b.Number("cutoff", "How far from the mean a value may be, in standard deviations.", o => o.Cutoff, (o, v) => o.Cutoff = v,
            new NumberRange(0.01, double.PositiveInfinity));
    });

    /// <inheritdoc/>
    public override string Name => "truncated_normal";

    /// <summary>The mean.</summary>
    public double Mean { get; set; }

    /// <summary>The standard deviation before the cut.</summary>
    public double Std { get; set; } = 0.02;

    /// <summary>How far from the mean a value may be, in standard deviations; at least 0.01.</summary>
    public double Cutoff { get; set; } = 2;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var random = new ParameterRandom(seed, spec.Name);
        var span = values.Span;
        for (int i = 0; i < span.Length; i++) span[i] = (float)(Mean + Std * random.NormalWithin(i, Cutoff));
    }
}
