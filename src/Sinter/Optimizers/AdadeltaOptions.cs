using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Adadelta (Zeiler, 2012, algorithm 1): s ← ρs + (1−ρ)g², Δ = g · √(u + ε) ÷ √(s + ε), u ← ρu + (1−ρ)Δ², w ← w − αΔ. The mean u is of squared updates before the
/// learning rate α. Defaults are PyTorch's.
/// </summary>
public sealed class AdadeltaOptions() : OptimizerOptions(1.0)
{
    /// <summary>The keys of <c>adadelta</c> in recipes.</summary>
    public static OptionsSchema<AdadeltaOptions> Schema { get; } = OptionsSchema.Create<AdadeltaOptions>(
        "Steps as long as the root of a running mean of earlier squared steps (Zeiler, 2012).", static b =>
    {
        Describe(b);
        b.Number("rho", "Decay rate of both means of squares.", o => o.Rho, (o, v) => o.Rho = v, NumberRange.BelowOne);
        b.Number("epsilon", "Added under both roots.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Number("weight_decay", CoupledDecay.Description, o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "adadelta";

    /// <summary>ρ in [0, 1), the decay rate of both means of squares.</summary>
    public double Rho { get; set; } = 0.9;

    /// <summary>Added under both roots: it also decides the size of the first updates.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <inheritdoc cref="CoupledDecay"/>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay,
            s => new Rule { Decay = s.WeightDecay, Rho = Rho, Rest = 1 - Rho, Epsilon = Epsilon, Step = s.LearningRate }, ["gradients", "updates"]);

    private struct Rule : IUpdateRule
    {
        public double Decay, Rho, Rest, Epsilon, Step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> s, ref Vector512<T> u, ref Vector512<T> unused)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            Vector512<T> rho = UpdateMath.Number<T>(Rho), epsilon = UpdateMath.Number<T>(Epsilon);
            g = UpdateMath.MultiplyAdd(w, Decay, g);
            s = UpdateMath.MultiplyAdd(g * g, Rest, s * rho);
            var update = UpdateMath.Root(u + epsilon) / UpdateMath.Root(s + epsilon) * g;
            u = UpdateMath.MultiplyAdd(update * update, Rest, u * rho);
            w = UpdateMath.MultiplyAdd(update, -Step, w);
        }
    }
}
