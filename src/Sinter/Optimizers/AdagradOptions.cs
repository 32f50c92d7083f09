using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer, 2011, figure 1 with diagonal matrices): s ← s + g², w ← w − α′g ÷ (√s + ε), where α′ = α ÷ (1 + (t − 1)·lr_decay); with ε inside
/// the root, g ÷ √(s + ε). Defaults are PyTorch's.
/// </summary>
public sealed class AdagradOptions() : OptimizerOptions(1e-2)
{
    /// <summary>The keys of <c>adagrad</c> in recipes.</summary>
    public static OptionsSchema<AdagradOptions> Schema { get; } = OptionsSchema.Create<AdagradOptions>(
        "Gradients divided by the root of the sum of all squares so far (Duchi, Hazan and Singer, 2011).", static b =>
    {
        Describe(b);
        b.Number("lr_decay", "The learning rate is divided by 1 + (step − 1) · this.", o => o.LearningRateDecay, (o, v) => o.LearningRateDecay = v, NumberRange.NotNegative);
        b.Number("initial_accumulator", "What the sum of squares begins with.", o => o.InitialAccumulator, (o, v) => o.InitialAccumulator = v, NumberRange.NotNegative);
        b.Number("epsilon", "Added to the denominator.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Boolean("epsilon_in_root", "Whether epsilon is added under the root and not to it.", o => o.EpsilonInRoot, (o, v) => o.EpsilonInRoot = v);
        b.Number("weight_decay", CoupledDecay.Description, o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "adagrad";

    /// <summary>The learning rate of update t is divided by 1 + (t − 1) · this.</summary>
    public double LearningRateDecay { get; set; }

    /// <summary>What the sum of squares begins with.</summary>
    public double InitialAccumulator { get; set; }

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; set; } = 1e-10;

    /// <summary>Whether <see cref="Epsilon"/> is added under the root, as some texts print it, and not to it.</summary>
    public bool EpsilonInRoot { get; set; }

    /// <inheritdoc cref="CoupledDecay"/>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay, s => new Rule
        {
            Decay = s.WeightDecay,
            Step = s.LearningRate / (1 + (s.Count - 1) * LearningRateDecay),
            Inside = EpsilonInRoot ? Epsilon : 0,
            Outside = EpsilonInRoot ? 0 : Epsilon,
        }, ["sum"], InitialAccumulator);

    private struct Rule : IUpdateRule
    {
        public double Decay, Step, Inside, Outside;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> s, ref Vector512<T> unused, ref Vector512<T> unused2)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            g = UpdateMath.MultiplyAdd(w, Decay, g);
            s = UpdateMath.MultiplyAdd(g, g, s);
            w -= UpdateMath.Number<T>(Step) * g / (UpdateMath.Root(s + UpdateMath.Number<T>(Inside)) + UpdateMath.Number<T>(Outside));
        }
    }
}
