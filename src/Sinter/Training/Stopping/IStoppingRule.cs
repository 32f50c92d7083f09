using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>Ends a run before its last step.</summary>
public interface IStoppingRule
{
    /// <summary>Why the run ends, once it does. It follows from the rule's state, so a run that was killed before its model was written ends at once when it is resumed.</summary>
    StopReason? Reason { get; }

    /// <summary>Looks at what a step logged; and, where the step is evaluated, once more at what the evaluation logged.</summary>
    /// <param name="step">The step.</param>
    /// <param name="metrics">The metrics of the step, or those of the validation.</param>
    void Observe(long step, MetricSet metrics);
}

/// <summary>Why a run ends early.</summary>
/// <param name="Step">The step it ended at.</param>
/// <param name="Rule">The rule's name in recipes; <c>not_finite</c> for what no recipe asks for.</param>
/// <param name="Message">What it saw.</param>
/// <param name="IsFailure">Whether the run went wrong (a guard) rather than was done.</param>
public sealed record StopReason(long Step, string Rule, string Message, bool IsFailure);
