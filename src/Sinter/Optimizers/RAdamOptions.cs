using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>
/// RAdam, rectified Adam (Liu et al., 2020, "On the variance of the adaptive learning rate and beyond", algorithm 2): with ρ∞ = 2 ÷ (1−β₂) − 1 and
/// ρₜ = ρ∞ − 2tβ₂ᵗ ÷ (1 − β₂ᵗ), Adam's step times √((ρₜ−4)(ρₜ−2)ρ∞ ÷ ((ρ∞−4)(ρ∞−2)ρₜ)) once ρₜ &gt; 5, and before that w ← w − αm̂.
/// Where ε is
/// added, √v + ε with
/// √(1 − β₂ᵗ) outside, is PyTorch's, and so are the defaults.
/// </summary>
public sealed class RAdamOptions : MomentOptions
{
    private const double LeastLength = 5;

    /// <summary>The keys of <c>radam</c> in recipes.</summary>
    public static OptionsSchema<RAdamOptions> Schema { get; } = OptionsSchema.Create<RAdamOptions>(
        "Adam that waits until its variance can be estimated (Liu et al., 2020).", static b =>
    {
        Describe(b, CoupledDecay.Description);
        b.Boolean("decoupled_weight_decay", "Whether the weight decay is decoupled, as AdamW's.", o => o.DecoupledWeightDecay, (o, v) => o.DecoupledWeightDecay = v);
    });

    /// <inheritdoc/>
    public override string Name => "radam";

    /// <summary>Whether the weight decay is decoupled, as <see cref="AdamWOptions"/>', and not coupled.</summary>
    public bool DecoupledWeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => Optimizer(groups, hasLargest: false, (s, rule) =>
    {
        double factor = Rectification(s), step = s.LearningRate / s.Correction(FirstBeta(s));
        return rule with
        {
            Decay = DecoupledWeightDecay ? 0 : s.WeightDecay,
            Shrink = DecoupledWeightDecay ? s.Shrink : 1,
            MeanStep = factor > 0 ? step * factor * Math.Sqrt(s.Correction(Betas.Second)) : step,
            RootScale = factor > 0 ? 1 : 0,   // a denominator of 1 before
            Epsilon = factor > 0 ? Epsilon : 1,
        };
    });

    /// <summary>The factor of Adam's step, or 0 where the variance of that has no bound yet.</summary>
    private double Rectification(UpdateStep s)
    {
        double last = 2 / (1 - Betas.Second) - 1, length = last - 2 * s.Count * Math.Pow(Betas.Second, s.Count) / s.Correction(Betas.Second);
        return length > LeastLength ? Math.Sqrt((length - 4) * (length - 2) * last / ((last - 4) * (last - 2) * length)) : 0;
    }
}
