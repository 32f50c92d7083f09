using Sinter.Checkpoints.State;
using Sinter.Options;

namespace Sinter.Training.Clipping;

/// <summary>Options of <see cref="StatisticalClip"/>. Defaults are those of the paper's code.</summary>
public sealed class StatisticalClipOptions : ClipperOptions
{
    /// <summary>The keys of <c>statistical</c> in recipes.</summary>
    public static OptionsSchema<StatisticalClipOptions> Schema { get; } = OptionsSchema.Create<StatisticalClipOptions>(
        "The global norm is scaled where it is a spike by its running mean and deviation (ZClip; Kumar et al., 2025).", static b =>
    {
        b.Number("threshold", "Standard deviations above the mean at which a norm is a spike.", o => o.Threshold, (o, v) => o.Threshold = v, NumberRange.Positive);
        b.Number("decay", "How much of the running mean and variance stays at each step.", o => o.Decay, (o, v) => o.Decay = v, NumberRange.ProperShare);
        b.Integer("warmup_steps", "Steps whose norms make the first mean and variance; until then only max clips.", o => o.WarmupSteps, (o, v) => o.WarmupSteps = v, 2, 1 << 20);
        b.OptionalNumber("max", "The largest global norm at any time, spike or not; null is none.", o => o.Max, (o, v) => o.Max = v, NumberRange.Positive);
    });

    /// <inheritdoc/>
    public override string Name => "statistical";

    /// <summary>Standard deviations above the mean at which a norm is a spike.</summary>
    public double Threshold { get; set; } = 2.5;

    /// <summary>α: how much of the running mean and variance stays at each step.</summary>
    public double Decay { get; set; } = 0.97;

    /// <summary>Steps whose norms make the first mean and variance.</summary>
    public int WarmupSteps { get; set; } = 25;

    /// <summary>The largest global norm at any time; null is none.</summary>
    public double? Max { get; set; } = 1.0;

    /// <inheritdoc/>
    public override IGradientClipper Create() => new StatisticalClip(this);
}

/// <summary>
/// Clipping of spikes by running statistics of the global norm: ZClip (Kumar, Owen, Roy Chowdhury and Güra, 2025, "ZClip: adaptive spike mitigation for LLM pre-training",
/// algorithm 1 with reciprocal scaling). With the running mean μ and deviation σ of the norms, a norm n has z = (n − μ) ÷ (σ + 10⁻⁶); where z is above the threshold t,
/// the gradient is scaled to μ + t²σ ÷ z, so the farther out, the closer to the mean.
/// </summary>
/// <remarks>
/// The first norms make μ and σ² as their mean and variance. Then, with the norm n as clipped by the rule above, μ ← αμ + (1 − α)n and, with that new μ,
/// σ² ← ασ² + (1 − α)(n − μ)². The order of the two is that of the authors' code. The fixed limit does not enter the statistics.
/// </remarks>
/// <param name="options">Threshold, decay and warm-up.</param>
public sealed class StatisticalClip(StatisticalClipOptions options) : IGradientClipper, IStateful
{
    private readonly List<double> _first = [];
    private double _mean, _variance;
    private bool _isReady;

    /// <inheritdoc/>
    public Clipped Clip(GradientSet gradients, double norm)
    {
        double factor = _isReady ? Spike(norm) : Collect(norm);
        return new Clipped(factor, norm * factor);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Number("mean", _mean);
        state.Number("variance", _variance);
        state.Flag("is_ready", _isReady);
        state.Numbers("first", _first.ToArray());
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_mean, _variance, _isReady) = (state.Number("mean"), state.Number("variance"), state.Flag("is_ready"));
        _first.Clear();
        _first.AddRange(state.Numbers("first"));
    }

    private double Spike(double norm)
    {
        double deviation = Math.Sqrt(_variance), z = (norm - _mean) / (deviation + 1e-6), limit = norm;
        if (z > options.Threshold) limit = _mean + options.Threshold * deviation / (z / options.Threshold);
        _mean = options.Decay * _mean + (1 - options.Decay) * limit;
        _variance = options.Decay * _variance + (1 - options.Decay) * (limit - _mean) * (limit - _mean);
        limit = Math.Min(limit, options.Max ?? limit);
        return norm > limit ? NormClip.Factor(limit, norm) : 1;
    }

    private double Collect(double norm)
    {
        _first.Add(norm);
        if (_first.Count >= options.WarmupSteps)
        {
            _mean = _first.Average();
            _variance = _first.Average(n => (n - _mean) * (n - _mean));
            _isReady = true;
            _first.Clear();
        }
        return options.Max is { } max ? NormClip.Factor(max, norm) : 1;
    }
}
