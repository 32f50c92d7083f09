using Sinter.Checkpoints.State;
using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>A step whose weights are the best so far.</summary>
/// <param name="Step">The step.</param>
/// <param name="Metric">The metric that decides.</param>
/// <param name="Value">Its value.</param>
public sealed record BestStep(long Step, string Metric, double Value);

/// <summary>Remembers the best evaluation. Its step's checkpoint is written at once, has this memory in it, and stays until there is a better one.</summary>
/// <remarks>Weights that were not trained are not considered.</remarks>
/// <param name="options">What is best.</param>
public sealed class BestTracker(BestOptions options) : IStateful
{
    private readonly MetricOrder _order = new(options.Metric, options.Mode);

    /// <summary>The best so far.</summary>
    public BestStep? Best { get; private set; }

    /// <summary>Looks at an evaluation.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Observe(long step, MetricSet metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (step == 0 || !metrics.TryGet(options.Metric, out double value) || !_order.IsBetter(value, Best?.Value ?? double.NaN)) return false;
        Best = new BestStep(step, options.Metric, value);
        return true;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Text("metric", _order.ToString());
        state.Integer("step", Best?.Step ?? 0);
        state.Number("value", Best?.Value ?? double.NaN);
    }

    /// <inheritdoc/>
    /// <remarks>The best by another metric is forgotten.</remarks>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isSame = state.Text("metric") == _order.ToString();
        var (step, value) = (state.Integer("step"), state.Number("value"));
        Best = isSame && step > 0 ? new BestStep(step, options.Metric, value) : null;
    }

    /// <summary>Forgets the best, whose checkpoint is gone.</summary>
    internal void Forget() => Best = null;
}
