using Microsoft.Extensions.Logging;
using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>
/// Writes a run's events to an <see cref="ILogger"/>: start, evaluations, checkpoints and the end as information, every so many steps one line of
/// figures, each step at <see cref="LogLevel.Trace"/>, warnings as such, and a loss that is not finite as an error in the step it appears.
/// </summary>
/// <param name="logger">Where to.</param>
/// <param name="every">Steps between the lines of figures.</param>
public sealed partial class LoggerListener(ILogger logger, long every = 100) : ITrainingListener
{
    private string? _working;
    private long _totalSteps;

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run:
                _totalSteps = run.TotalSteps;
                Started(run.Name, run.RunFolder, run.Model.Architecture, run.Parameters, run.FirstStep, run.TotalSteps, run.Precision,
                    run.InstructionSet, run.Threads);
                break;
            case StepCompleted step: Step(step); break;
            case Evaluated evaluated: Evaluation(evaluated.Step, evaluated.Loss, evaluated.Accuracy); break;
            case NewBest best: Best(best.Best.Step, best.Best.Metric, best.Best.Value); break;
            case StoppedEarly { Reason: var reason }: Early(reason.Step, reason.Rule, reason.Message); break;
            case RunFailed { Reason: var reason }: Failed(reason.Step, reason.Rule, reason.Message); break;
            case TextSampled sample: Sample(sample.Step, sample.Prompt, sample.Text); break;
            case CheckpointSaved saved: Checkpoint(saved.Step, saved.Folder); break;
            case PhaseTime phase: Phase(phase.Phase, phase.Seconds); break;
            case Working working when working.What != _working:
                _working = working.What;
                Work(working.What);
                break;
            case Warned warned: Warning(warned.Message); break;
            case RunStopped stopped: Stopped(stopped.Step, stopped.RunFolder); break;
            case RunCompleted completed: Completed(completed.Step, completed.Seconds, completed.RunFolder); break;
        }
    }

    private void Step(StepCompleted e)
    {
        if (!double.IsFinite(e.Loss) || !double.IsFinite(e.GradientNorm)) NotFinite(e.Step, e.Loss, e.GradientNorm);
        bool line = e.Step % every == 0 || e.Step == _totalSteps;
        Figures(line ? LogLevel.Information : LogLevel.Trace, e.Step, _totalSteps, e.Loss, e.LearningRate, e.GradientNorm, e.TokensPerSecond);
    }

    [LoggerMessage(1, LogLevel.Information,
        "Run {Name} in {Folder}: {Architecture} with {Parameters} parameters, steps {FirstStep} to {TotalSteps}, "
        + "{Precision} on {InstructionSet}, {Threads} threads")]
    private partial void Started(string name, string folder, string architecture, long parameters, long firstStep, long totalSteps, string precision,
        string instructionSet, int threads);

    [LoggerMessage(EventId = 2, Message =
        "Step {Step}/{TotalSteps}: loss {Loss:F4}, learning rate {LearningRate:G3}, gradient norm {GradientNorm:G3}, {TokensPerSecond:F0} tokens/s")]
    private partial void Figures(LogLevel level, long step, long totalSteps, double loss, double learningRate, double gradientNorm,
        double tokensPerSecond);

    [LoggerMessage(3, LogLevel.Information, "Step {Step}: validation loss {Loss:F4}, accuracy {Accuracy:P1}")]
    private partial void Evaluation(long step, double loss, double accuracy);

    [LoggerMessage(4, LogLevel.Information, "Step {Step}: sample {Prompt}{Text}")]
    private partial void Sample(long step, string prompt, string text);

    [LoggerMessage(5, LogLevel.Information, "Step {Step}: checkpoint {Folder}")]
    private partial void Checkpoint(long step, string folder);

    [LoggerMessage(6, LogLevel.Debug, "Phase {Phase}: {Seconds:F1} s")]
    private partial void Phase(string phase, double seconds);

    [LoggerMessage(7, LogLevel.Information, "{What}")]
    private partial void Work(string what);

    [LoggerMessage(8, LogLevel.Warning, "{Message}")]
    private partial void Warning(string message);

    [LoggerMessage(9, LogLevel.Error, "Step {Step}: loss {Loss}, gradient norm {GradientNorm}: not finite")]
    private partial void NotFinite(long step, double loss, double gradientNorm);

    [LoggerMessage(10, LogLevel.Information, "Stopped and saved at step {Step} in {Folder}")]
    private partial void Stopped(long step, string folder);

    [LoggerMessage(11, LogLevel.Information, "Complete at step {Step} after {Seconds:F1} s in {Folder}")]
    private partial void Completed(long step, double seconds, string folder);

    [LoggerMessage(12, LogLevel.Information, "Step {Step}: best {Metric} so far, {Value:G6}")]
    private partial void Best(long step, string metric, double value);

    [LoggerMessage(13, LogLevel.Information, "Step {Step}: ended by {Rule}: {Reason}")]
    private partial void Early(long step, string rule, string reason);

    [LoggerMessage(14, LogLevel.Error, "Step {Step}: failed by {Rule}: {Reason}")]
    private partial void Failed(long step, string rule, string reason);
}
