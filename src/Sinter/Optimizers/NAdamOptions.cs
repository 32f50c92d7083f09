using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>
/// NAdam, Adam with Nesterov's momentum (Dozat, 2016, "Incorporating Nesterov momentum into Adam", algorithm 8): with μₜ = β₁(1 − ½ · 0.96^(tψ)),
/// w ← w − α((1 − μₜ)g ÷ (1 − Πμ₁…μₜ) + μₜ₊₁m ÷ (1 − Πμ₁…μₜ₊₁)) ÷ (√v̂ + ε). Defaults are PyTorch's.
/// </summary>
public sealed class NAdamOptions() : MomentOptions(2e-3)
{
    /// <summary>The keys of <c>nadam</c> in recipes.</summary>
    public static OptionsSchema<NAdamOptions> Schema { get; } = OptionsSchema.Create<NAdamOptions>(
        "Adam with Nesterov's momentum (Dozat, 2016).", static b =>
    {
        Describe(b, CoupledDecay.Description);
        b.Number("momentum_decay", "How fast the momentum rises to its rate.", o => o.MomentumDecay, (o, v) => o.MomentumDecay = v, NumberRange.NotNegative);
        b.Boolean("decoupled_weight_decay", "Whether the weight decay is decoupled, as AdamW's.", o => o.DecoupledWeightDecay, (o, v) => o.DecoupledWeightDecay = v);
    });

    /// <inheritdoc/>
    public override string Name => "nadam";

    /// <summary>False: its momentum follows a schedule of its own.</summary>
    public override bool HasMomentum => false;

    /// <summary>ψ, how fast the momentum rises from β₁ ÷ 2 to β₁.</summary>
    public double MomentumDecay { get; set; } = 4e-3;

    /// <summary>Whether the weight decay is decoupled, as <see cref="AdamWOptions"/>', and not coupled.</summary>
    public bool DecoupledWeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups)
    {
        var momentum = new Momentum(Betas.First, MomentumDecay);
        return Optimizer(groups, hasLargest: false, (s, rule) =>
        {
            double product = momentum.Product(s.Count), next = momentum.At(s.Count + 1);
            return rule with
            {
                Decay = DecoupledWeightDecay ? 0 : s.WeightDecay,
                Shrink = DecoupledWeightDecay ? s.Shrink : 1,
                GradientStep = s.LearningRate * (1 - momentum.At(s.Count)) / (1 - product),
                MeanStep = s.LearningRate * next / (1 - product * next),
                RootScale = 1 / Math.Sqrt(s.Correction(Betas.Second)),
            };
        });
    }

    /// <summary>μ and its products, which follow from the count of updates, so that there is nothing to save: after a resume they are multiplied anew.</summary>
    private sealed class Momentum(double beta, double decay)
    {
        private long _count;
        private double _product = 1;

        public double At(long t) => beta * (1 - 0.5 * Math.Pow(0.96, t * decay));

        public double Product(long t)
        {
            if (t < _count) (_count, _product) = (0, 1);
            while (_count < t) _product *= At(++_count);
            return _product;
        }
    }
}
