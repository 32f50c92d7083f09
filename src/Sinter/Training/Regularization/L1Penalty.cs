using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Regularization;

/// <summary>The L1 penalty (Tibshirani, 1996, the lasso): strength · Σ |w|. It pulls each weight to 0 by the same amount, and so makes many of them 0, or nearly.</summary>
public sealed class L1PenaltyOptions : PenaltyOptions
{
    /// <summary>The keys of <c>l1</c> in recipes.</summary>
    public static OptionsSchema<L1PenaltyOptions> Schema { get; } = OptionsSchema.Create<L1PenaltyOptions>(
        "strength · Σ |w| in the loss (Tibshirani, 1996): makes weights sparse.", static b =>
        {
            b.Number("strength", "The factor of the sum.", o => o.Strength, (o, v) => o.Strength = v, NumberRange.Positive);
            Describe(b);
        });

    /// <inheritdoc/>
    public override string Name => "l1";

    /// <summary>The factor of the sum.</summary>
    public double Strength { get; set; } = 1e-5;

    /// <inheritdoc/>
    public override IPenalty Create(IReadOnlyList<Parameter> parameters) => new WeightPenalty(Choose(parameters), Strength, 0);
}
