using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Regularization;

/// <summary>The L2 penalty (ridge regression; Hoerl and Kennard, 1970): strength ÷ 2 · Σ w², whose gradient is strength · w. How it differs from weight decay:
/// <see cref="WeightPenalty"/>.</summary>
public sealed class L2PenaltyOptions : PenaltyOptions
{
    /// <summary>The keys of <c>l2</c> in recipes.</summary>
    public static OptionsSchema<L2PenaltyOptions> Schema { get; } = OptionsSchema.Create<L2PenaltyOptions>(
        "strength ÷ 2 · Σ w² in the loss (Hoerl and Kennard, 1970); with AdamW, the optimizer's own weight_decay is the better one.", static b =>
        {
            b.Number("strength", "The factor of half the sum.", o => o.Strength, (o, v) => o.Strength = v, NumberRange.Positive);
            Describe(b);
        });

    /// <inheritdoc/>
    public override string Name => "l2";

    /// <summary>The factor of half the sum.</summary>
    public double Strength { get; set; } = 1e-4;

    /// <inheritdoc/>
    public override IPenalty Create(IReadOnlyList<Parameter> parameters) => new WeightPenalty(Choose(parameters), 0, Strength);
}
