using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// RMSprop (Hinton, 2012, lecture 6e): s ← βs + (1−β)g², w ← w − αg ÷ (√s + ε); centred (Graves, 2013, equations 38 to 42), with the mean m ← βm +
/// (1−β)g and √(s − m²) as
/// the root; with momentum μ, v ← μv + g ÷ (root + ε), w ← w − αv. Defaults are PyTorch's.
/// </summary>
public sealed class RmsPropOptions() : OptimizerOptions(1e-2)
{
    /// <summary>The keys of <c>rmsprop</c> in recipes.</summary>
    public static OptionsSchema<RmsPropOptions> Schema { get; } = OptionsSchema.Create<RmsPropOptions>(
        "Gradients divided by the root of a running mean of squares (Tieleman and Hinton, 2012).", static b =>
    {
        Describe(b);
        b.Number("beta", "Decay rate of the mean of squares; PyTorch's alpha.", o => o.Beta, (o, v) => o.Beta = v, NumberRange.BelowOne);
        b.Number("epsilon", "Added to the root.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Boolean("centered", "Whether the variance of the gradients is taken and not their mean square.", o => o.Centered, (o, v) => o.Centered = v);
        b.Number("momentum", "Share of the last steps in the next; 0 is none.", o => o.Momentum, (o, v) => o.Momentum = v, NumberRange.BelowOne);
        b.Number("weight_decay", CoupledDecay.Description, o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override bool HasMomentum => Momentum > 0;

    /// <summary>β in [0, 1), the decay rate of the mean of squares: PyTorch's alpha.</summary>
    public double Beta { get; set; } = 0.99;

    /// <summary>Added to the root.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Whether the variance of the gradients is taken and not their mean square.</summary>
    public bool Centered { get; set; }

    /// <summary>μ in [0, 1); 0 is no momentum.</summary>
    public double Momentum { get; set; }

    /// <inheritdoc cref="CoupledDecay"/>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay, s => new Rule
        {
            Decay = s.WeightDecay,
            Beta = Beta,
            Rest = 1 - Beta,
            Epsilon = Epsilon,
            Momentum = s.Momentum ?? Momentum,
            Step = s.LearningRate,
            IsCentered = Centered,
        }, ["square", Centered ? "mean" : null, Momentum > 0 ? "momentum" : null]);

    private struct Rule : IUpdateRule
    {
        public double Decay, Beta, Rest, Epsilon, Momentum, Step;
        public bool IsCentered;

        // Without momentum v comes as zeros and is not kept, so that it is the step itself.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> s, ref Vector512<T> m, ref Vector512<T> v)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            g = UpdateMath.MultiplyAdd(w, Decay, g);
            s = UpdateMath.MultiplyAdd(g * g, Rest, s * UpdateMath.Number<T>(Beta));
            var square = s;
            if (IsCentered)
            {
                m = UpdateMath.MultiplyAdd(g - m, Rest, m);
                square = Vector512.Max(square - m * m, default);   // rounding may leave less than nothing, and its root is no number
            }
            v = UpdateMath.MultiplyAdd(v, Momentum, g / (UpdateMath.Root(square) + UpdateMath.Number<T>(Epsilon)));
            w = UpdateMath.MultiplyAdd(v, -Step, w);
        }
    }
}
