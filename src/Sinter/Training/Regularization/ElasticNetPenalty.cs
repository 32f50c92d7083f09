using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Regularization;

/// <summary>The elastic net (Zou and Hastie, 2005): l1 · Σ |w| + l2 ÷ 2 · Σ w².</summary>
public sealed class ElasticNetPenaltyOptions : PenaltyOptions
{
    /// <summary>The keys of <c>elastic_net</c> in recipes.</summary>
    public static OptionsSchema<ElasticNetPenaltyOptions> Schema { get; } = OptionsSchema.Create<ElasticNetPenaltyOptions>(
        "l1 · Σ |w| + l2 ÷ 2 · Σ w² in the loss (Zou and Hastie, 2005).", static b =>
        {
            b.Number("l1", "The factor of the sum of absolute values.", o => o.L1, (o, v) => o.L1 = v, NumberRange.NotNegative);
            b.Number("l2", "The factor of half the sum of squares.", o => o.L2, (o, v) => o.L2 = v, NumberRange.NotNegative);
            Describe(b);
            b.Rule(["l1", "l2"], static o => o.L1 + o.L2 > 0 ? null : "set l1 or l2 above 0, or remove the penalty");
        });

    /// <inheritdoc/>
    public override string Name => "elastic_net";

    /// <summary>The factor of the sum of absolute values.</summary>
    public double L1 { get; set; } = 1e-5;

    /// <summary>The factor of half the sum of squares.</summary>
    public double L2 { get; set; } = 1e-4;

    /// <inheritdoc/>
    public override IPenalty Create(IReadOnlyList<Parameter> parameters) => new WeightPenalty(Choose(parameters), L1, L2);
}
