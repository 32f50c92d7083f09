using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Lion (Chen et al., 2023, "Symbolic discovery of optimization algorithms", algorithm 2): w ← w(1 − αλ) − α · sign(β₁m + (1−β₁)g), then m ← β₂m +
/// (1−β₂)g. Every weight moves
/// by the learning rate, so that takes a third to a tenth of AdamW's, and λ three to ten times AdamW's. PyTorch has no Lion: defaults are those of the paper's code.
/// </summary>
public sealed class LionOptions() : OptimizerOptions(1e-4)
{
    /// <summary>The keys of <c>lion</c> in recipes.</summary>
    public static OptionsSchema<LionOptions> Schema { get; } = OptionsSchema.Create<LionOptions>(
        "The sign of an interpolated momentum: one state, every weight moves alike (Chen et al., 2023).", static b =>
    {
        Describe(b);
        b.Pair("betas", "Share of the momentum in the sign, and decay rate of the momentum.", o => o.Betas, (o, v) => o.Betas = v, NumberRange.BelowOne);
        b.Number("weight_decay", "Decoupled weight decay of matrices; biases and norms are not decayed.", o => o.WeightDecay,
            (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "lion";

    /// <inheritdoc/>
    public override bool HasMomentum => true;

    /// <summary>Share of the momentum in the sign, and decay rate of the momentum, each in [0, 1).</summary>
    public (double First, double Second) Betas { get; set; } = (0.9, 0.99);

    /// <summary>Decoupled weight decay of matrices; biases and norms are not decayed.</summary>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay,
            s => new Rule { Rest1 = 1 - (s.Momentum ?? Betas.First), Rest2 = 1 - Betas.Second, Step = s.LearningRate, Shrink = s.Shrink }, ["momentum"]);

    private struct Rule : IUpdateRule
    {
        public double Rest1, Rest2, Step, Shrink;

        // The sign of zero is zero: a weight that never had a gradient stays.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> m, ref Vector512<T> unused, ref Vector512<T> unused2)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var direction = UpdateMath.MultiplyAdd(g - m, Rest1, m);
            var step = Vector512.ConditionalSelect(Vector512.Equals(direction, default), default, Vector512.CopySign(UpdateMath.Number<T>(Step), direction));
            w = w * UpdateMath.Number<T>(Shrink) - step;
            m = UpdateMath.MultiplyAdd(g - m, Rest2, m);
        }
    }
}
