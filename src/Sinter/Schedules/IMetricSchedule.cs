using Sinter.Checkpoints.State;

namespace Sinter.Schedules;

/// <summary>A schedule that also follows what the run logs, and so has a state.</summary>
public interface IMetricSchedule : ISchedule, IStateful
{
    /// <summary>Looks at what a step logged; and, where the step is evaluated, once more at what the evaluation logged.</summary>
    /// <param name="step">The step.</param>
    /// <param name="metrics">The metrics of the step, or those of the validation.</param>
    void Observe(long step, MetricSet metrics);
}
