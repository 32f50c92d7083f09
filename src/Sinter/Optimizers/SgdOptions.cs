using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Gradient descent: w ← w − αg; with the whole text as a batch, a few samples or one. With momentum μ in PyTorch's form, v ← μv + (1 − τ)g and w ← w − αv (the first v is
/// g itself), or in the classical form (Polyak, 1964; Sutskever et al., 2013, equations 1 and 2), v ← μv + αg and w ← w − v: they differ when the learning rate α changes,
/// since the classical v remembers steps and PyTorch's gradients. Nesterov's momentum (Sutskever et al., 2013, equations 3 and 4, at the point looked ahead to)
/// takes g + μv in place of v; in the classical form αg + μv. Defaults are PyTorch's.
/// </summary>
public sealed class SgdOptions : OptimizerOptions
{
    /// <summary>The keys of <c>sgd</c> in recipes.</summary>
    public static OptionsSchema<SgdOptions> Schema { get; } = OptionsSchema.Create<SgdOptions>(
        "Gradient descent, with momentum in PyTorch's or the classical form, and Nesterov's (Sutskever et al., 2013).", static b =>
    {
        Describe(b);
        b.Number("momentum", "Share of the last step in the next, or of past gradients; 0 is none.", o => o.Momentum, (o, v) => o.Momentum = v, NumberRange.BelowOne);
        b.Choice("momentum_form", "Whether the momentum remembers gradients, as in PyTorch, or steps, as in the classical form.", o => o.MomentumForm,
            (o, v) => o.MomentumForm = v, ["pytorch", "classical"]);
        b.Number("dampening", "What the momentum leaves out of each gradient, in PyTorch's form.", o => o.Dampening, (o, v) => o.Dampening = v, NumberRange.BelowOne);
        b.Boolean("nesterov", "Whether the momentum looks one step ahead.", o => o.Nesterov, (o, v) => o.Nesterov = v);
        b.Number("weight_decay", CoupledDecay.Description, o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
        b.Rule(["nesterov", "momentum", "dampening"], static o => o.Nesterov && (o.Momentum == 0 || o.Dampening != 0)
            ? "needs a momentum greater than 0 and no dampening" : null);
        b.Rule(["dampening", "momentum_form"], static o => o.Dampening != 0 && o.MomentumForm == "classical" ? "belongs to momentum_form: pytorch; remove one of them" : null);
    });

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override bool HasMomentum => Momentum > 0;

    /// <summary>μ in [0, 1); 0 is no momentum, and then there is no state.</summary>
    public double Momentum { get; set; }

    /// <summary><c>pytorch</c>, whose momentum remembers gradients, or <c>classical</c>, whose momentum remembers steps.</summary>
    public string MomentumForm { get; set; } = "pytorch";

    /// <summary>τ, what PyTorch's momentum leaves out of each gradient but the first.</summary>
    public double Dampening { get; set; }

    /// <summary>Whether the momentum looks one step ahead.</summary>
    public bool Nesterov { get; set; }

    /// <inheritdoc cref="CoupledDecay"/>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) =>
        new ElementwiseOptimizer<Rule>(groups, WeightDecay, Numbers, [Momentum > 0 ? "momentum" : null]);

    private Rule Numbers(UpdateStep s)
    {
        bool isClassical = MomentumForm == "classical";
        return new Rule
        {
            Decay = s.WeightDecay,
            Kept = s.Momentum ?? Momentum,
            Added = isClassical ? s.LearningRate : s.Count == 1 ? 1 : 1 - Dampening,
            Step = isClassical && Momentum > 0 ? 1 : s.LearningRate,
            Ahead = isClassical ? s.LearningRate : 1,
            HasMomentum = Momentum > 0,
            IsNesterov = Nesterov,
        };
    }

    private struct Rule : IUpdateRule
    {
        public double Decay, Kept, Added, Step, Ahead;
        public bool HasMomentum, IsNesterov;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> v, ref Vector512<T> unused, ref Vector512<T> unused2)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            g = UpdateMath.MultiplyAdd(w, Decay, g);
            var step = g;
            if (HasMomentum)
            {
                v = UpdateMath.MultiplyAdd(g, Added, v * UpdateMath.Number<T>(Kept));
                step = IsNesterov ? UpdateMath.MultiplyAdd(v, Kept, g * UpdateMath.Number<T>(Ahead)) : v;
            }
            w = UpdateMath.MultiplyAdd(step, -Step, w);
        }
    }
}
