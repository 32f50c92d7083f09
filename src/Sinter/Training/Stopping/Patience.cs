using System.Globalization;
using Sinter.Checkpoints.State;
using Sinter.Options;
using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>Options of <see cref="Patience"/>.</summary>
public sealed class PatienceOptions : StoppingOptions
{
    /// <summary>The keys of <c>patience</c> in recipes.</summary>
    public static OptionsSchema<PatienceOptions> Schema { get; } = OptionsSchema.Create<PatienceOptions>(
        "Ends the run, complete, when a metric has stopped improving (Prechelt, 1998).", static b =>
        {
            b.Text("metric", "The metric, by its name in metrics.jsonl; one of steps is averaged from evaluation to evaluation.", o => o.Metric, (o, v) => o.Metric = v, Condition.MetricError);
            b.Choice("mode", "Whether lower (min) or higher (max) is better; auto is max for accuracies and speed, else min.", o => o.Mode, (o, v) => o.Mode = v, MetricOrder.Modes);
            b.Integer("patience", "Evaluations in a row without an improvement after which the run ends.", o => o.Evaluations, (o, v) => o.Evaluations = v, 1, 1 << 20);
            b.Number("min_change", "The least change that counts as an improvement.", o => o.MinChange, (o, v) => o.MinChange = v, NumberRange.NotNegative);
            b.Boolean("relative", "Whether min_change is a share of the best value rather than a difference.", o => o.Relative, (o, v) => o.Relative = v);
            b.Integer("start_step", "Evaluations before this step are not counted.", o => o.StartStep, (o, v) => o.StartStep = v);
        });

    /// <inheritdoc/>
    public override string Name => "patience";

    /// <summary>The metric.</summary>
    public string Metric { get; set; } = "validation_loss";

    /// <summary><c>min</c>, <c>max</c> or <c>auto</c>.</summary>
    public string Mode { get; set; } = "auto";

    /// <summary>Evaluations in a row without an improvement after which the run ends.</summary>
    public int Evaluations { get; set; } = 3;

    /// <summary>The least change that counts as an improvement.</summary>
    public double MinChange { get; set; }

    /// <summary>Whether <see cref="MinChange"/> is a share of the best value.</summary>
    public bool Relative { get; set; }

    /// <summary>Evaluations before this step are not counted.</summary>
    public long StartStep { get; set; }

    /// <inheritdoc/>
    public override string WatchedMetric => Metric;

    /// <inheritdoc/>
    public override IStoppingRule Create() => new Patience(this);
}

/// <summary>
/// Ends a run when a metric has not improved in so many evaluations (Prechelt, 1998, "Early stopping — but when?", the third class of criteria, UP, with the best value so
/// far in place of the one before). Counting is as Keras's EarlyStopping counts.
/// </summary>
/// <param name="options">Which metric, how long, and what counts.</param>
public sealed class Patience(PatienceOptions options) : IStoppingRule, IStateful
{
    private readonly MetricOrder _order = new(options.Metric, options.Mode);
    private double _best = double.NaN, _sum;
    private long _bestStep, _step, _wait, _count;

    /// <inheritdoc/>
    public StopReason? Reason => _wait < options.Evaluations ? null
        : new StopReason(_step, "patience", $"{options.Metric} has not improved in {_wait} {(_wait == 1 ? "evaluation" : "evaluations")}: "
            + $"the best is {_best.ToString("G6", CultureInfo.InvariantCulture)} at step {_bestStep}", false);

    /// <inheritdoc/>
    public void Observe(long step, MetricSet metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        bool has = metrics.TryGet(options.Metric, out double value);
        if (!metrics.IsEvaluation)
        {
            if (has) (_sum, _count) = (_sum + value, _count + 1);
            return;
        }
        if (!has && _count == 0) return;
        if (!has) value = _sum / _count;
        (_sum, _count) = (0, 0);
        if (step < options.StartStep) return;
        _step = step;
        double change = options.Relative ? options.MinChange * Math.Abs(_best) : options.MinChange;
        if (_order.IsBetter(value, _best, change)) (_best, _bestStep, _wait) = (value, step, 0);
        else _wait++;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Text("metric", _order.ToString());
        state.Number("best", _best);
        state.Integer("best_step", _bestStep);
        state.Integer("step", _step);
        state.Integer("wait", _wait);
        state.Number("sum", _sum);
        state.Integer("count", _count);
    }

    /// <inheritdoc/>
    /// <remarks>What was seen of another metric is forgotten; patience and the least change may have changed.</remarks>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isSame = state.Text("metric") == _order.ToString();
        (_best, _bestStep, _step, _wait) = (state.Number("best"), state.Integer("best_step"), state.Integer("step"), state.Integer("wait"));
        (_sum, _count) = (state.Number("sum"), state.Integer("count"));
        if (!isSame) (_best, _wait, _sum, _count) = (double.NaN, 0, 0, 0);
    }
}
