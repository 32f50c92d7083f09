using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Adamax (Kingma and Ba, 2015, algorithm 2): m ← β₁m + (1−β₁)g, u ← max(β₂u, |g| + ε), w ← w − α ÷ (1 − β₁ᵗ) · m ÷ u. Defaults are PyTorch's, and
/// so is ε, which the paper
/// does not have.
/// </summary>
public sealed class AdamaxOptions() : MomentOptions(2e-3)
{
    /// <summary>The keys of <c>adamax</c> in recipes.</summary>
    public static OptionsSchema<AdamaxOptions> Schema { get; } = OptionsSchema.Create<AdamaxOptions>(
        "Adam with the largest decayed gradient in place of the mean of squares (Kingma and Ba, 2015, section 7.1).", static b =>
        Describe(b, CoupledDecay.Description));

    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay, s => new Rule
        {
            Decay = s.WeightDecay,
            Rest1 = 1 - FirstBeta(s),
            Beta2 = Betas.Second,
            Epsilon = Epsilon,
            Step = s.LearningRate / s.Correction(FirstBeta(s)),
        }, ["first", "largest"]);

    private struct Rule : IUpdateRule
    {
        public double Decay, Rest1, Beta2, Epsilon, Step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> m, ref Vector512<T> u, ref Vector512<T> unused)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            g = UpdateMath.MultiplyAdd(w, Decay, g);
            m = UpdateMath.MultiplyAdd(g - m, Rest1, m);
            u = Vector512.Max(u * UpdateMath.Number<T>(Beta2), Vector512.Abs(g) + UpdateMath.Number<T>(Epsilon));
            w -= UpdateMath.Number<T>(Step) * m / u;
        }
    }
}
