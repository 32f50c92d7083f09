using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>The options that Adam and its descendants share. Defaults are PyTorch's.</summary>
/// <param name="learningRate">The default learning rate.</param>
public abstract class MomentOptions(double learningRate = 1e-3) : OptimizerOptions(learningRate)
{
    /// <summary>Decay rates of the first and second moment, each in [0, 1): β₁ and β₂.</summary>
    public (double First, double Second) Betas { get; set; } = (0.9, 0.999);

    /// <summary>Added to the denominator: ε.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Weight decay of matrices; biases and norms are not decayed. The class says whether it is coupled or decoupled: λ.</summary>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override bool HasMomentum => true;

    /// <summary>Lists the keys of these options.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder, string weightDecay) where T : MomentOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        Describe(builder);
        builder.Pair("betas", "Decay rates of the first and second moment.", o => o.Betas, (o, v) => o.Betas = v, NumberRange.BelowOne);
        builder.Number("epsilon", "Added to the denominator.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        builder.Number("weight_decay", weightDecay, o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    }

    /// <summary>β₁ of an update.</summary>
    private protected double FirstBeta(UpdateStep step) => HasMomentum ? step.Momentum ?? Betas.First : Betas.First;

    /// <summary>The optimizer of a rule.</summary>
    /// <param name="groups">What it updates.</param>
    /// <param name="hasLargest">Whether it remembers the largest second moment (AMSGrad).</param>
    /// <param name="step">The numbers of a step, given the options' own.</param>
    private protected ElementwiseOptimizer<AdamRule> Optimizer(IReadOnlyList<ParameterGroup> groups, bool hasLargest, Func<UpdateStep, AdamRule, AdamRule> step) =>
        new(groups, WeightDecay, s => step(s, new AdamRule
        {
            Beta2 = Betas.Second,
            Rest1 = 1 - FirstBeta(s),
            Rest2 = 1 - Betas.Second,
            RootScale = 1,
            Epsilon = Epsilon,
            Shrink = 1,
            HasLargest = hasLargest,
        }), ["first", "second", hasLargest ? "largest" : null]);
}
