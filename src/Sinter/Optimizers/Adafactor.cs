using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Options;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>Options of <see cref="Adafactor"/>. Defaults are PyTorch's.</summary>
public sealed class AdafactorOptions() : OptimizerOptions(learningRate: 0.01)
{
    /// <summary>The keys of <c>adafactor</c> in recipes.</summary>
    public static OptionsSchema<AdafactorOptions> Schema { get; } = OptionsSchema.Create<AdafactorOptions>(
        "Mean squares kept by row and column, no momentum: states far smaller than the weights (Shazeer and Stern, 2018).", static b =>
    {
        Describe(b);
        b.Number("beta2_decay", "How fast the second moment slows down: update t counts for t to this power.", o => o.Beta2Decay, (o, v) => o.Beta2Decay = v,
            new NumberRange(double.NegativeInfinity, 0));
        b.OptionalNumber("epsilon1", "The least root mean square that a gradient is divided by; null is float32's epsilon.", o => o.Epsilon1, (o, v) => o.Epsilon1 = v,
            NumberRange.Positive);
        b.Number("epsilon2", "The least scale of a parameter, with scale_parameter.", o => o.Epsilon2, (o, v) => o.Epsilon2 = v, NumberRange.NotNegative);
        b.Number("clip_threshold", "The largest root mean square of an update, before the learning rate.", o => o.ClipThreshold, (o, v) => o.ClipThreshold = v,
            NumberRange.Positive);
        b.Boolean("relative_step", "Whether update t takes at most 1 / sqrt(t) of the learning rate's kind: the learning rate is then a limit.", o => o.RelativeStep,
            (o, v) => o.RelativeStep = v);
        b.Boolean("scale_parameter", "Whether the learning rate is relative to each parameter's root mean square.", o => o.ScaleParameter, (o, v) => o.ScaleParameter = v);
        b.Number("weight_decay", "Decoupled weight decay of matrices; biases and norms are not decayed.", o => o.WeightDecay, (o, v) => o.WeightDecay = v,
            NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "adafactor";

    /// <summary>τ, at most 0: update t counts for t^τ in the second moment.</summary>
    public double Beta2Decay { get; set; } = -0.8;

    /// <summary>ε₁, as PyTorch uses it; null is the machine epsilon of float32.</summary>
    public double? Epsilon1 { get; set; }

    /// <summary>ε₂: the least scale of a parameter.</summary>
    public double Epsilon2 { get; set; } = 1e-3;

    /// <summary>d: the largest root mean square of an update, before the learning rate.</summary>
    public double ClipThreshold { get; set; } = 1.0;

    /// <summary>Whether the step is min(learning rate, 1 ÷ √t).</summary>
    public bool RelativeStep { get; set; } = true;

    /// <summary>Whether the step is relative to each parameter's root mean square.</summary>
    public bool ScaleParameter { get; set; } = true;

    /// <summary>Decoupled weight decay of matrices; biases and norms are not decayed.</summary>
    public double WeightDecay { get; set; }

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new Adafactor(this, groups);

    internal FactoredRule Rule(UpdateStep step, double gradientScale) => new(gradientScale, Math.Pow(step.Count, Beta2Decay),
        RelativeStep ? Math.Min(step.LearningRate, 1 / Math.Sqrt(step.Count)) : step.LearningRate, ScaleParameter, Epsilon1, Epsilon2, ClipThreshold, step.Shrink);
}

/// <summary>
/// Adafactor (Shazeer and Stern, 2018, "Adafactor: Adaptive learning rates with sublinear memory cost", algorithms 4 and 5), without a first moment, as PyTorch 2.14
/// computes it. For a matrix the second moment is its means by row and by column: V̂ = R C ÷ mean R. U = G ÷ √V̂, clipped to a root mean square of d;
/// w ← w(1 − αλ) − max(ε₂, RMS(w)) · min(α, 1 ÷ √t) · U.
/// </summary>
/// <remarks>
/// <para>The paper has no learning rate (its limit is 0.01), no weight decay, and adds ε₁ = 10⁻³⁰ to the squared gradients, as transformers' version does. PyTorch puts
/// ε₁ under V̂ instead: mean R is at least ε₁ and √V̂ too. Its default, float32's epsilon 1.2 · 10⁻⁷, is more than the mean squared gradient of large models often is:
/// then V̂ is too small and the clipping at d alone sets the size of updates. With <c>epsilon1: 1e-30</c> the update is the paper's.</para>
/// <para>With <c>relative_step</c> and <c>scale_parameter</c> false it is transformers' with the same switches, the setting that T5 is fine-tuned with: learning rate and
/// schedule mean what they mean elsewhere. transformers multiplies weight decay by the scaled step; here, as in PyTorch, it is λ times the learning rate.</para>
/// </remarks>
public sealed class Adafactor : IOptimizer
{
    private readonly AdafactorOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly (Parameter Parameter, int Group)[] _factored, _whole;
    private readonly ParameterState _rows, _columns, _second;
    private long _updates;

    /// <summary>Makes zero moments: two vectors for a matrix, a whole one for a vector.</summary>
    public Adafactor(AdafactorOptions options, IReadOnlyList<ParameterGroup> groups)
    {
        (_options, _groups) = (options, groups);
        var all = groups.SelectMany((g, i) => g.Parameters.Select(p => (Parameter: p, Group: i))).ToLookup(p => p.Parameter.Value.Shape.Rank >= 2);
        (_factored, _whole) = ([.. all[true]], [.. all[false]]);
        _rows = new ParameterState("rows", Of(_factored), shape: p => new Shape(p.Value.Shape.Rows));
        _columns = new ParameterState("columns", Of(_factored), shape: p => new Shape(FactoredUpdate.Matrices(p.Value.Shape) * p.Value.Shape[-1]));
        _second = new ParameterState("second", Of(_whole));
    }

    /// <inheritdoc/>
    public void Update(double learningRate, double gradientScale, double? momentum = null)
    {
        _updates++;
        FactoredRule[] rules = [.. _groups.Select(g => _options.Rule(new UpdateStep(_updates, learningRate * g.LearningRateFactor, g.WeightDecay ?? _options.WeightDecay), gradientScale))];
        foreach (var (i, (parameter, group)) in _factored.Index())
            if (parameter.Value.HasGrad) FactoredUpdate.Run(parameter.Value, _rows[i], _columns[i], rules[group]);
        foreach (var (i, (parameter, group)) in _whole.Index())
            if (parameter.Value.HasGrad) FactoredUpdate.Run(parameter.Value, _second[i], rules[group]);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("updates", _updates);
        foreach (var moment in (ParameterState[])[_rows, _columns, _second]) moment.Save(state);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _updates = state.Integer("updates");
        foreach (var moment in (ParameterState[])[_rows, _columns, _second]) moment.Load(state);
    }

    private static Parameter[] Of((Parameter Parameter, int Group)[] members) => [.. members.Select(m => m.Parameter)];
}
