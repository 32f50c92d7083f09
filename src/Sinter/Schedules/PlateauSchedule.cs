using Sinter.Checkpoints.State;
using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="PlateauSchedule"/>. Defaults are PyTorch's.</summary>
public sealed class PlateauOptions : DecayOptions
{
    /// <summary>The keys of <c>plateau</c> in recipes.</summary>
    public static OptionsSchema<PlateauOptions> Schema { get; } = OptionsSchema.Create<PlateauOptions>(
        "Falls when a metric has stopped to get better (PyTorch's ReduceLROnPlateau).", static b =>
    {
        DescribeDecay(b);
        b.Choice("metric", "What has to get better.", o => o.Metric, (o, v) => o.Metric = v, MetricSet.Names);
        b.Choice("mode", "Whether better is lower (min) or higher (max).", o => o.Mode, (o, v) => o.Mode = v, ["min", "max"]);
        b.Number("factor", "The factor of each fall.", o => o.Factor, (o, v) => o.Factor = v, NumberRange.ProperShare);
        b.Integer("patience", "Values in a row that are no better before the rate falls at the next.", o => o.Patience, (o, v) => o.Patience = v);
        b.Number("threshold", "By how much better counts.", o => o.Threshold, (o, v) => o.Threshold = v, NumberRange.NotNegative);
        b.Choice("threshold_mode", "Whether threshold is a share of the best value (relative) or a difference (absolute).", o => o.ThresholdMode,
            (o, v) => o.ThresholdMode = v, ["relative", "absolute"]);
        b.Integer("cooldown", "Values after a fall that are not counted.", o => o.Cooldown, (o, v) => o.Cooldown = v);
        b.Number("least_change", "A smaller fall is not made.", o => o.LeastChange, (o, v) => o.LeastChange = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "plateau";

    /// <summary>What has to get better, by its name in <see cref="MetricSet.Names"/>. A metric of steps is looked at after each step, one of the validation
    /// after each evaluation.</summary>
    public string Metric { get; set; } = "validation_loss";

    /// <summary><c>min</c> or <c>max</c>.</summary>
    public string Mode { get; set; } = "min";

    /// <summary>The factor of each fall.</summary>
    public double Factor { get; set; } = 0.1;

    /// <summary>Values in a row that are no better before the rate falls at the next.</summary>
    public long Patience { get; set; } = 10;

    /// <summary>By how much better counts.</summary>
    public double Threshold { get; set; } = 1e-4;

    /// <summary><c>relative</c> or <c>absolute</c>.</summary>
    public string ThresholdMode { get; set; } = "relative";

    /// <summary>Values after a fall that are not counted.</summary>
    public long Cooldown { get; set; }

    /// <summary>A smaller fall is not made, PyTorch's <c>eps</c>.</summary>
    public double LeastChange { get; set; } = 1e-8;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new PlateauSchedule(this, peak);
}

/// <summary>
/// Falls by a factor when a metric has stopped to get better: PyTorch's <c>ReduceLROnPlateau</c>, whose <c>step</c> is called with each value. What is
/// logged during a warm-up is not looked at.
/// </summary>
public sealed class PlateauSchedule : IMetricSchedule
{
    private readonly PlateauOptions _options;
    private double _rate, _best;
    private long _bad, _cooling;

    /// <summary>Begins at <paramref name="peak"/>.</summary>
    public PlateauSchedule(PlateauOptions options, double peak)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _rate) = (options, peak);
        _best = options.Mode == "max" ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>The learning rate of the next update; earlier and later ones are not known.</summary>
    /// <param name="step">Not looked at.</param>
    public double At(long step) => _rate;

    /// <inheritdoc/>
    public void Observe(long step, MetricSet metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (metrics.TryGet(_options.Metric, out double value)) Observe(value);
    }

    /// <summary>Looks at one value.</summary>
    public void Observe(double value)
    {
        if (IsBetter(value)) (_best, _bad) = (value, 0);
        else _bad++;
        if (_cooling > 0) (_cooling, _bad) = (_cooling - 1, 0);
        if (_bad <= _options.Patience) return;
        double rate = Math.Max(_rate * _options.Factor, _options.MinLearningRate);
        if (_rate - rate > _options.LeastChange) _rate = rate;
        (_cooling, _bad) = (_options.Cooldown, 0);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Number("rate", _rate);
        state.Number("best", _best);
        state.Integer("bad", _bad);
        state.Integer("cooling", _cooling);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _rate = state.Number("rate");
        _best = state.Number("best");
        _bad = state.Integer("bad");
        _cooling = state.Integer("cooling");
    }

    private bool IsBetter(double value)
    {
        double threshold = _options.Threshold;
        return (_options.Mode, _options.ThresholdMode) switch
        {
            ("min", "relative") => value < _best * (1 - threshold),
            ("min", _) => value < _best - threshold,
            (_, "relative") => value > _best * (threshold + 1),
            _ => value > _best + threshold,
        };
    }
}
