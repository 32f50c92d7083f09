using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, 2015, algorithm 1): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − α · m̂ ÷ (√v̂ + ε), where m̂ = m ÷ (1 − β₁ᵗ) and v̂ = v ÷
/// (1 − β₂ᵗ);
/// without bias correction m̂ = m and v̂ = v, so that the first steps are (1−β₁) ÷ √(1−β₂), about 3 times, too large. With AMSGrad (Reddi, Kale and Kumar, 2018,
/// algorithm 2) the largest v so far stands in place of v. Defaults are PyTorch's, and so is the weight decay, coupled: see <see cref="AdamWOptions"/> for the other kind.
/// </summary>
public sealed class AdamOptions : MomentOptions
{
    /// <summary>The keys of <c>adam</c> in recipes.</summary>
    public static OptionsSchema<AdamOptions> Schema { get; } = OptionsSchema.Create<AdamOptions>(
        "Means of gradients and of their squares, corrected for their start at zero (Kingma and Ba, 2015).", static b =>
    {
        Describe(b, CoupledDecay.Description);
        b.Boolean("bias_correction", "Whether the moments are corrected for having begun at zero.", o => o.BiasCorrection, (o, v) => o.BiasCorrection = v);
        b.Boolean("amsgrad", "Whether the largest second moment so far is taken.", o => o.AmsGrad, (o, v) => o.AmsGrad = v);
    });

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <summary>Whether the moments are corrected for having begun at zero.</summary>
    public bool BiasCorrection { get; set; } = true;

    /// <summary>Whether the largest second moment so far is taken.</summary>
    public bool AmsGrad { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => Optimizer(groups, AmsGrad, (s, rule) => rule with
    {
        Decay = s.WeightDecay,
        MeanStep = BiasCorrection ? s.LearningRate / s.Correction(FirstBeta(s)) : s.LearningRate,
        RootScale = BiasCorrection ? 1 / Math.Sqrt(s.Correction(Betas.Second)) : 1,
    });
}
