using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>
/// Estimates how long a run still takes: tokens left times the time of a token, since steps may differ in size, plus evaluations and checkpoints left times
/// theirs. Since pauses are counted apart, the estimate does not jump when one comes.
/// </summary>
public sealed class TimeLeft : ITrainingListener
{
    private const double NewestShare = 0.02;

    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Pause _evaluation;
    private readonly Pause _checkpoint;
    private RunStarted? _run;
    private long _tokens, _stepTokens, _lastEvent, _steps;
    private double _tokenSeconds;

    /// <summary>Begins to count.</summary>
    /// <param name="evaluateEvery">Steps between evaluations; null learns it from the second one on.</param>
    /// <param name="saveEvery">Steps between checkpoints; null learns it from the second one on.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public TimeLeft(long? evaluateEvery = null, long? saveEvery = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _began = _lastEvent = _time.GetTimestamp();
        _evaluation = new Pause(evaluateEvery);
        _checkpoint = new Pause(saveEvery);
    }

    /// <summary>Time since this was made.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_began);

    /// <summary>Time left by now; null until enough steps are done to tell.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            if (_run is null || _steps < 4) return null;
            long total = _run.TotalSteps;
            double seconds = (_run.TotalTokens - _tokens) * _tokenSeconds + _evaluation.SecondsLeft(total) + _checkpoint.SecondsLeft(total);
            double longest = Math.Max(_stepTokens * _tokenSeconds, Math.Max(_evaluation.MeanSeconds, _checkpoint.MeanSeconds));
            double passed = Math.Min(_time.GetElapsedTime(_lastEvent).TotalSeconds, longest);
            return TimeSpan.FromSeconds(Math.Max(0, seconds - passed));
        }
    }

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run: Start(run); break;
            case StepCompleted step: Step(step); break;
            case Evaluated evaluated: Paused(_evaluation, evaluated.Step); break;
            case CheckpointSaved saved: Paused(_checkpoint, saved.Step); break;
            case TextSampled: Mark(); break;
        }
    }

    private void Start(RunStarted run)
    {
        _run = run;
        _evaluation.Start(run.FirstStep);
        _checkpoint.Start(run.FirstStep);
        Mark();
    }

    // The first step fills pools and compiles, so it is not counted; then the plain mean of fifty, and a moving one from there.
    private void Step(StepCompleted step)
    {
        double gap = _time.GetElapsedTime(_lastEvent).TotalSeconds;
        _stepTokens = step.Tokens - _tokens;
        if (_steps > 0) _tokenSeconds += (gap / _stepTokens - _tokenSeconds) * Math.Max(NewestShare, 1.0 / _steps);
        _steps++;
        _tokens = step.Tokens;
        Mark();
    }

    private void Paused(Pause pause, long step)
    {
        pause.Took(step, _time.GetElapsedTime(_lastEvent).TotalSeconds);
        Mark();
    }

    private void Mark() => _lastEvent = _time.GetTimestamp();

    /// <summary>Something that happens every so many steps, and at the last one.</summary>
    private sealed class Pause(long? every)
    {
        private long? _every = every;
        private long _last;
        private long _count;

        public double MeanSeconds { get; private set; }

        public void Start(long step) => _last = step;

        public void Took(long step, double seconds)
        {
            MeanSeconds += (seconds - MeanSeconds) / ++_count;
            if (step > _last) _every ??= step - _last;
            _last = step;
        }

        public double SecondsLeft(long total)
        {
            if (_last >= total) return 0;
            if (_every is not > 0) return MeanSeconds;
            long left = total / _every.Value - _last / _every.Value + (total % _every.Value != 0 ? 1 : 0);
            return left * MeanSeconds;
        }
    }
}
