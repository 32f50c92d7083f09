using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization"). Defaults are PyTorch's.</summary>
public sealed class AdamWOptions : OptimizerOptions
{
    /// <summary>The keys of <c>adamw</c> in recipes.</summary>
    public static OptionsSchema<AdamWOptions> Schema { get; } = OptionsSchema.Create<AdamWOptions>(static b =>
    {
        Describe(b);
        b.Pair("betas", "Decay rates of the first and second moment.", o => o.Betas, (o, v) => o.Betas = v, NumberRange.BelowOne);
        b.Number("epsilon", "Added to the denominator.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Number("weight_decay", "Decoupled weight decay of matrices; biases and norms are not decayed.", o => o.WeightDecay,
            (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "adamw";

    /// <summary>Decay rates of the first and second moment, each in [0, 1).</summary>
    public (double First, double Second) Betas { get; set; } = (0.9, 0.999);

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Decoupled weight decay of matrices; biases and norms are not decayed.</summary>
    public double WeightDecay { get; set; } = 0.01;

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<Parameter> parameters) => new AdamW(this, parameters);
}
