using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization", algorithm 2): with clipped gradient g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
/// w ← w(1 − αλ) − α · m̂ ÷ (√v̂ + ε), where m̂ = m ÷ (1 − β₁ᵗ) and v̂ = v ÷ (1 − β₂ᵗ). With AMSGrad (Reddi, Kale and Kumar, 2018, algorithm 2) the
/// largest v so far stands
/// in place of v. Defaults are PyTorch's.
/// </summary>
public sealed class AdamWOptions : MomentOptions
{
    /// <summary>Takes the defaults.</summary>
    public AdamWOptions() => WeightDecay = 0.01;

    /// <summary>The keys of <c>adamw</c> in recipes.</summary>
    public static OptionsSchema<AdamWOptions> Schema { get; } = OptionsSchema.Create<AdamWOptions>(
        "Adam with decay outside the gradient (Loshchilov and Hutter, 2019).", static b =>
    {
        Describe(b, "Decoupled weight decay of matrices; biases and norms are not decayed.");
        b.Boolean("amsgrad", "Whether the largest second moment so far is taken.", o => o.AmsGrad, (o, v) => o.AmsGrad = v);
    });

    /// <inheritdoc/>
    public override string Name => "adamw";

    /// <summary>Whether the largest second moment so far is taken.</summary>
    public bool AmsGrad { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => Optimizer(groups, AmsGrad, (s, rule) => rule with
    {
        Shrink = s.Shrink,
        MeanStep = s.LearningRate / s.Correction(FirstBeta(s)),
        RootScale = 1 / Math.Sqrt(s.Correction(Betas.Second)),
    });
}
