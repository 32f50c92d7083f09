using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>How far a run is, after each step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">The step at which the run is complete.</param>
/// <param name="Loss">Mean cross entropy of the step, nats per token; NaN before the first step.</param>
/// <param name="ValidationLoss">Of the newest evaluation, nats per token; null before the first.</param>
/// <param name="TokensPerSecond">Of the step.</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="MemoryBytes">Bytes the device holds.</param>
/// <param name="Elapsed">Time since the listener was made.</param>
/// <param name="Remaining">Estimated time to the end, evaluations and checkpoints included; null until it can be told.</param>
public readonly record struct TrainingProgress(long Step, long TotalSteps, double Loss, double? ValidationLoss, double TokensPerSecond,
    double LearningRate, long MemoryBytes, TimeSpan Elapsed, TimeSpan? Remaining);

/// <summary>Turns a run's events into <see cref="IProgress{T}"/> reports: one after each step and each evaluation.</summary>
/// <param name="progress">Hears the reports, on the thread that trains.</param>
/// <param name="timeLeft">Estimates the time left; made anew when null.</param>
public sealed class ProgressListener(IProgress<TrainingProgress> progress, TimeLeft? timeLeft = null) : ITrainingListener
{
    private readonly TimeLeft _timeLeft = timeLeft ?? new TimeLeft();
    private TrainingProgress _now = new(0, 0, double.NaN, null, 0, 0, 0, default, null);

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        _timeLeft.On(e);
        switch (e)
        {
            case RunStarted run:
                _now = _now with { Step = run.FirstStep, TotalSteps = run.TotalSteps };
                return;
            case StepCompleted step:
                _now = _now with
                {
                    Step = step.Step,
                    Loss = step.Loss,
                    TokensPerSecond = step.TokensPerSecond,
                    LearningRate = step.LearningRate,
                    MemoryBytes = step.MemoryBytes,
                };
                break;
            case Evaluated evaluated: _now = _now with { ValidationLoss = evaluated.Loss }; break;
            default: return;
        }
        progress.Report(_now with { Elapsed = _timeLeft.Elapsed, Remaining = _timeLeft.Remaining });
    }
}
