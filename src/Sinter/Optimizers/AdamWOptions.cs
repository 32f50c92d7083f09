using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization", algorithm 2): with clipped gradient g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
/// w ← w(1 − αλ) − α · m̂ ÷ (√v̂ + ε), where m̂ = m ÷ (1 − β₁ᵗ) and v̂ = v ÷ (1 − β₂ᵗ). Defaults are PyTorch's.
/// </summary>
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
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay, s => new Rule
        {
            Beta2 = Betas.Second,
            Rest1 = 1 - Betas.First,
            Rest2 = 1 - Betas.Second,
            StepSize = s.LearningRate / s.Correction(Betas.First),
            RootScale = 1 / Math.Sqrt(s.Correction(Betas.Second)),
            Epsilon = Epsilon,
            Shrink = s.Shrink,
        }, ["first", "second"]);

    private struct Rule : IUpdateRule
    {
        public double Beta2, Rest1, Rest2, StepSize, RootScale, Epsilon, Shrink;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> m, ref Vector512<T> v, ref Vector512<T> unused)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            m = UpdateMath.MultiplyAdd(g - m, Rest1, m);
            v = UpdateMath.MultiplyAdd(g * g, Rest2, v * UpdateMath.Number<T>(Beta2));
            var root = UpdateMath.MultiplyAdd(UpdateMath.Root(v), RootScale, UpdateMath.Number<T>(Epsilon));
            w = w * UpdateMath.Number<T>(Shrink) - UpdateMath.Number<T>(StepSize) * m / root;
        }
    }
}
