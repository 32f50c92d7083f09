using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Cli.Terminal;

/// <summary>What a display shows, kept from the events. Taking an event costs next to nothing.</summary>
internal sealed class PanelState
{
    private const double SmoothKeep = 0.95;

    private double _lossSum, _lossWeight;

    public RunStarted? Run { get; private set; }
    public StepCompleted? Step { get; private set; }
    public Evaluated? Evaluation { get; private set; }
    public Evaluated? Best { get; private set; }
    public Working? Working { get; private set; }
    public string Note { get; private set; } = "";
    public LossHistory Training { get; private init; } = new();
    public LossHistory Validation { get; private init; } = new();
    public TimeSpan Elapsed { get; set; }
    public TimeSpan? Remaining { get; set; }

    /// <summary>The newest losses' mean, each weighing 5 % less than the one after it; the newest itself where it is not finite.</summary>
    public double? Loss => Step is null ? null : double.IsFinite(Step.Loss) ? _lossSum / _lossWeight : Step.Loss;

    /// <summary>Steps done.</summary>
    public long StepsDone => Step?.Step ?? Run?.FirstStep ?? 0;

    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run: (Run, Working) = (run, null); break;
            case StepCompleted step: On(step); break;
            case Evaluated evaluated: On(evaluated); break;
            case Working working: Working = working; break;
            case CheckpointStarted: Working = new Working("saving a checkpoint", null); break;
            case CheckpointSaved saved: (Working, Note) = (null, $"checkpoint at step {HumanFormat.Count(saved.Step)}"); break;
            case TextSampled: Working = null; break;
            case RunCompleted completed: (Working, Note) = (new Working("complete", null),
                $"took {HumanFormat.Duration(TimeSpan.FromSeconds(completed.Seconds))}"); break;
            case StoppedEarly { Reason: var reason }: Note = $"{reason.Rule}: {reason.Message}"; break;
            case RunFailed { Reason: var reason }: (Working, Note) = (new Working("failed", null), reason.Message); break;
            case RunStopped: (Working, Note) = (new Working("stopped", null), ""); break;
        }
    }

    private void On(StepCompleted step)
    {
        (Step, Working) = (step, null);
        if (!double.IsFinite(step.Loss)) return;
        _lossSum = SmoothKeep * _lossSum + (1 - SmoothKeep) * step.Loss;
        _lossWeight = SmoothKeep * _lossWeight + (1 - SmoothKeep);
        Training.Add(step.Step, step.Loss);
    }

    private void On(Evaluated evaluated)
    {
        (Evaluation, Working) = (evaluated, null);
        if (!double.IsFinite(evaluated.Loss)) return;
        if (Best is null || evaluated.Loss < Best.Loss) Best = evaluated;
        Validation.Add(evaluated.Step, evaluated.Loss);
    }

    /// <summary>A copy that does not change any more.</summary>
    public PanelState Snapshot() => new()
    {
        Run = Run, Step = Step, Evaluation = Evaluation, Best = Best, Working = Working, Note = Note, Elapsed = Elapsed, Remaining = Remaining,
        _lossSum = _lossSum, _lossWeight = _lossWeight, Training = Training.Copy(), Validation = Validation.Copy(),
    };
}
