using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Cli.Terminal;

/// <summary>A run as plain lines, without escape sequences: for NO_COLOR, files, pipes, dumb and narrow terminals. A line of figures every five
/// seconds and at every evaluation.</summary>
/// <param name="output">Where to.</param>
/// <param name="closing">The last lines.</param>
/// <param name="timeLeft">Estimates the time left; gets its events from here.</param>
/// <param name="width">Columns to wrap at, between figures; null does not wrap.</param>
/// <param name="time">The clock; the system's by default.</param>
internal sealed class PlainLines(TextWriter output, Closing closing, TimeLeft timeLeft, int? width, TimeProvider? time = null) : ITrainingDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly PanelState _state = new();
    private TrainingEvent? _last;
    private string? _working;
    private long? _written;
    private long? _printedStep;
    private bool _isBest;

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        timeLeft.On(e);
        _state.On(e);
        closing.On(e);
        switch (e)
        {
            case RunStarted run: Started(run); break;
            case StepCompleted when IsDue(): Figures(); break;
            case Evaluated: Figures(); break;
            case TextSampled sample: Sample(sample); break;
            case Working working: Work(working); break;
            case Warned warned: output.WriteLine("warning: " + PrintableText.Of(warned.Message)); break;
            case NewBest: _isBest = true; break;
            case CheckpointSaved saved: Saved(saved); break;
            case StoppedEarly { Reason: var reason }: output.WriteLine($"{reason.Rule} ends the run at step {HumanFormat.Count(reason.Step)}: {reason.Message}"); break;
            case RunStopped or RunCompleted or RunFailed: End(e); break;
        }
    }

    private void Saved(CheckpointSaved saved)
    {
        output.WriteLine($"saved a checkpoint at step {HumanFormat.Count(saved.Step)}{(_isBest ? ", the best so far" : "")}");
        _isBest = false;
    }

    private bool IsDue() => _written is not { } written || _time.GetElapsedTime(written) >= Every;

    private void Started(RunStarted run)
    {
        Wrapped(", ", $"{PrintableText.Of(run.Name)}: {run.Model.Architecture}", $"{HumanFormat.Short(run.Parameters)} parameters",
            $"{HumanFormat.Count(run.TotalSteps)} steps", $"{run.Precision} on {run.InstructionSet}", $"{run.Threads} {(run.Threads == 1 ? "thread" : "threads")}");
        if (run.FirstStep > 0) output.WriteLine($"going on from step {HumanFormat.Count(run.FirstStep)}");
        _written = _time.GetTimestamp();
    }

    private void Figures()
    {
        (_written, _printedStep) = (_time.GetTimestamp(), _state.StepsDone);
        var fields = new List<string> { $"step {HumanFormat.Count(_state.StepsDone)}/{HumanFormat.Count(_state.Run?.TotalSteps ?? 0)}" };
        if (_state.Loss is { } loss) fields.Add($"loss {HumanFormat.Loss(loss)}");
        if (_state.Evaluation is { } evaluation) fields.Add($"validation {HumanFormat.Loss(evaluation.Loss)}");
        foreach (var (name, value) in _state.Evaluation?.Metrics ?? [])
            if (name is "validation_f1" or "validation_r2") fields.Add($"{name["validation_".Length..]} {HumanFormat.Loss(value)}");
        if (_state.Step is { } step)
        {
            fields.Add($"{HumanFormat.Short(step.TokensPerSecond)} tokens/s");
            fields.Add($"lr {HumanFormat.Number(step.LearningRate)}");
            fields.Add($"norm {HumanFormat.Number(step.GradientNorm)}{PanelFigures.Clipped(step)}");
            if (step.Penalty is { } penalty) fields.Add($"penalty {HumanFormat.Number(penalty)}");
            fields.Add($"memory {HumanFormat.Bytes(step.MemoryBytes)}");
        }
        if (timeLeft.Remaining is { } left && _state.StepsDone < _state.Run?.TotalSteps) fields.Add($"{HumanFormat.Estimate(left)} left");
        Wrapped("  ", [.. fields]);
    }

    // Figures are not cut: a line that is too long goes on below, indented.
    private void Wrapped(string separator, params string[] fields)
    {
        int column = 0;
        foreach (string field in fields)
        {
            string before = column == 0 ? "" : separator;
            if (column > 0 && width is { } most && column + before.Length + field.Length >= most)
            {
                output.WriteLine(separator.TrimEnd());
                (before, column) = ("  ", 0);
            }
            output.Write(before + field);
            column += before.Length + field.Length;
        }
        output.WriteLine();
    }

    private void Sample(TextSampled sample)
    {
        output.WriteLine(sample.Step == 0 ? "--- sample before training" : $"--- sample after {HumanFormat.Count(sample.Step)} steps");
        output.WriteLine(PrintableText.Of(sample.Prompt + sample.Text).TrimEnd('\n'));
        output.WriteLine("---");
    }

    // One line for what is new, then its share done as often as figures are shown.
    private void Work(Working working)
    {
        if (working.What == _working && (working.Done is null || !IsDue())) return;
        _working = working.What;
        _written = _time.GetTimestamp();
        output.WriteLine(PrintableText.Of(working.What) + (working.Done is > 0 and var done ? $" {(int)(100 * done)} %" : ""));
    }

    private void End(TrainingEvent e)
    {
        if (_state.Step is not null && _printedStep != _state.StepsDone) Figures();
        if (e is RunCompleted completed) output.WriteLine($"complete after {HumanFormat.Duration(TimeSpan.FromSeconds(completed.Seconds))}");
        _last = e;
    }

    /// <summary>Says how to go on, once the run has ended.</summary>
    public void Dispose()
    {
        foreach (string line in closing.Lines(_last)) output.WriteLine(line);
        _last = null;
        output.Flush();
    }
}
