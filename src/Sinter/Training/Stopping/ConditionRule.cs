using System.Globalization;
using Sinter.Checkpoints.State;
using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>Ends a run when a condition held often enough in a row: the rule of <see cref="GoalOptions"/> and <see cref="GuardOptions"/>.</summary>
/// <param name="rule">The rule's name in recipes.</param>
/// <param name="condition">When.</param>
/// <param name="isFailure">Whether the run went wrong then.</param>
public sealed class ConditionRule(string rule, Condition condition, bool isFailure) : IStoppingRule, IStateful
{
    private long _step, _times;
    private double _value;

    /// <inheritdoc/>
    public StopReason? Reason => _times < condition.Times ? null
        : new StopReason(_step, rule, $"{condition}: it is {_value.ToString("G6", CultureInfo.InvariantCulture)}{(condition.Times > 1 ? $", {condition.Times} times in a row" : "")}", isFailure);

    /// <inheritdoc/>
    public void Observe(long step, MetricSet metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (!metrics.TryGet(condition.Metric, out double value)) return;
        (_step, _value) = (step, value);
        _times = condition.Holds(value) ? _times + 1 : 0;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Text("condition", condition.ToString());
        state.Integer("step", _step);
        state.Integer("times", _times);
        state.Number("value", _value);
    }

    /// <inheritdoc/>
    /// <remarks>What another condition saw is forgotten.</remarks>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isSame = state.Text("condition") == condition.ToString();
        (_step, _times, _value) = (state.Integer("step"), state.Integer("times"), state.Number("value"));
        if (!isSame) _times = 0;
    }
}
