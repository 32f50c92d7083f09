using Sinter.Training;
using Sinter.Training.Stopping;

namespace Sinter.Monitoring;

/// <summary>
/// Keeps <c>run.json</c>: written when the run starts, at checkpoints and when it ends. What a killed session did after its last checkpoint is not in
/// it, as it is not in the run.
/// </summary>
public sealed class RunRecorder : ITrainingListener
{
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly DateTimeOffset _started;
    private readonly IReadOnlyList<RunSession> _before;
    private readonly List<RunSample> _samples;
    private readonly Dictionary<string, double> _phases = [];
    private readonly List<string> _phaseNames = [];
    private readonly string _folder;
    private RunStarted? _run;
    private long _step;
    private long _peakMemory;
    private double? _seconds;
    private BestStep? _best;
    private StopReason? _stop;

    /// <summary>Begins a session of the run in <paramref name="runFolder"/>, from now on.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="earlier">What is known of the run's earlier sessions (<see cref="RunRecord.Read"/>); null for a new run.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public RunRecorder(string runFolder, RunRecord? earlier = null, TimeProvider? time = null)
    {
        _folder = runFolder;
        _time = time ?? TimeProvider.System;
        _began = _time.GetTimestamp();
        _started = _time.GetLocalNow();
        _before = earlier?.Sessions ?? [];
        _samples = [.. earlier?.Samples ?? []];
    }

    /// <summary>The recipe as resolved; empty before the run started.</summary>
    public string RecipeYaml => _run?.RecipeYaml ?? "";

    /// <inheritdoc/>
    /// <exception cref="SinterException">The disk is full or the file can't be written.</exception>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run:
                _run = run;
                _step = run.FirstStep;
                _best = run.Best;
                break;
            case NewBest best:
                _best = best.Best;
                return;
            case StoppedEarly stopped:
                _stop = stopped.Reason;
                return;
            case RunFailed failed: _stop = failed.Reason; break;
            case StepCompleted step:
                _step = step.Step;
                _peakMemory = Math.Max(_peakMemory, step.MemoryBytes);
                return;
            case TextSampled sample:
                // A run killed between its last checkpoint and its end samples the same step again.
                _samples.RemoveAll(earlier => earlier.Step == sample.Step && earlier.Prompt == sample.Prompt);
                _samples.Add(new RunSample(sample.Step, sample.Prompt, sample.Text));
                return;
            case PhaseTime phase:
                if (_phases.TryAdd(phase.Phase, phase.Seconds)) _phaseNames.Add(phase.Phase);
                _phases[phase.Phase] = phase.Seconds;
                return;
            case RunCompleted completed: (_seconds, _best) = (completed.Seconds, completed.Best); break;
            case CheckpointStarted or CheckpointSaved or RunStopped: break;
            default: return;
        }
        if (_run is not null) Record().Write(_folder);
    }

    /// <summary>What is known by now.</summary>
    /// <exception cref="InvalidOperationException">The run has not started.</exception>
    public RunRecord Record()
    {
        var run = _run ?? throw new InvalidOperationException("The run has not started.");
        return new RunRecord
        {
            Name = run.Name,
            Model = run.Model,
            Parameters = run.Parameters,
            TrainTokens = run.TrainTokens,
            ValidationTokens = run.ValidationTokens,
            TokensPerStep = run.TokensPerStep,
            TotalSteps = run.TotalSteps,
            Completed = _seconds is not null,
            Stop = _stop,
            Best = _best,
            Samples = [.. _samples],
            Sessions = [.. _before, Session(run)],
        };
    }

    private RunSession Session(RunStarted run) => new()
    {
        Started = _started,
        FirstStep = run.FirstStep,
        LastStep = _step,
        Seconds = _seconds ?? _time.GetElapsedTime(_began).TotalSeconds,
        Precision = run.Precision,
        InstructionSet = run.InstructionSet,
        Threads = run.Threads,
        Machine = MachineInfo.Current,
        PeakMemoryBytes = _peakMemory,
        Phases = [.. _phaseNames.Select(name => new RunPhase(name, _phases[name]))],
    };
}
