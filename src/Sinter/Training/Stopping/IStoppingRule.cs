namespace Sinter.Training.Stopping;

/// <summary>Ends a run before its last step.</summary>
public interface IStoppingRule
{
    /// <summary>Looks at what a step logged; and, where the step is evaluated, once more at what the evaluation logged.</summary>
    /// <param name="step">The step.</param>
    /// <param name="metrics">The metrics of the step, or those of the validation.</param>
    /// <returns>Why the run ends, or null.</returns>
    StopReason? Observe(long step, MetricSet metrics);
}

/// <summary>Why a run ends early.</summary>
/// <param name="Rule">The rule's name in recipes.</param>
/// <param name="Message">What it saw.</param>
/// <param name="IsFailure">Whether the run went wrong (a guard) rather than was done.</param>
public sealed record StopReason(string Rule, string Message, bool IsFailure);
