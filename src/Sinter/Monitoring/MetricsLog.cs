using System.Text;
using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>
/// Writes <c>metrics.jsonl</c> while the run goes on: one JSON object per line and step, with <c>step</c>, <c>tokens</c> (targets seen; <c>examples</c> where texts are judged), <c>loss</c>,
/// <c>learning_rate</c>, <c>gradient_norm</c>, <c>tokens_per_second</c> (of all positions but padding), <c>seconds</c>, <c>accuracy</c>, <c>batch_size</c> in sequences, where sequences
/// differ in length <c>padding</c>, where there is clipping <c>clip_factor</c>, where there is a penalty <c>penalty</c>, with label smoothing <c>smoothed_loss</c>,
/// with a z-loss <c>z_loss</c>, and on evaluated steps <c>validation_loss</c> and
/// <c>validation_accuracy</c> and what the task measures beside them (<see cref="Evaluated.Metrics"/>). The line of step 0 has no training figures.
/// Losses are nats per token. NaN and infinities are strings (<c>"NaN"</c>,
/// <c>"Infinity"</c>, <c>"-Infinity"</c>). The schema's version stands in <c>run.json</c>.
/// </summary>
/// <remarks>
/// Whether a step is evaluated is only known from the event after it, so the newest line is held back until then; the others reach the file within
/// about a second and everything does at checkpoints and at the end.
/// </remarks>
public sealed class MetricsLog : ITrainingListener, IDisposable
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "metrics.jsonl";

    private const int LongestLine = 768, LongestMember = 80;

    private readonly AppendFile _file;
    private byte[] _targets = "tokens"u8.ToArray();
    private long _lastStep = -1;
    private bool _lastEvaluated;
    private int _lastLength;

    /// <summary>Goes on at the end of <paramref name="path"/>, which begins empty when it is not there. A resumed run is cut back first (<see
    /// cref="CutBack"/>).</summary>
    /// <exception cref="SinterException">The file can't be opened, or does not end in a whole line.</exception>
    public MetricsLog(string path, TimeProvider? time = null)
    {
        _file = new AppendFile(path, time ?? TimeProvider.System);
        if (_file.Stream.Length == 0) return;
        if (MetricsLine.Last(_file.Stream) is not { } last)
        {
            Dispose();
            throw new SinterException($"{path} does not end in a whole line of metrics; cut it back to the checkpoint's step first.");
        }
        _lastStep = last.Step;
        _lastEvaluated = last.IsEvaluated;
        _file.Stream.Seek(0, SeekOrigin.End);
    }

    /// <inheritdoc/>
    /// <exception cref="SinterException">The disk is full or the file can't be written.</exception>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run: _targets = Encoding.UTF8.GetBytes(RunCurve.TargetsOf(run.Model)); break;
            case StepCompleted step: Write(step); break;
            case Evaluated evaluated: Write(evaluated); break;
            case CheckpointStarted or CheckpointSaved or RunStopped or RunCompleted or RunFailed: Flush(); break;
            default: _file.FlushIfDue(_lastLength); break;
        }
    }

    private void Write(StepCompleted e)
    {
        if (e.Step <= _lastStep) throw new InvalidOperationException($"{_file.Path} already holds step {_lastStep}; step {e.Step} can't follow.");
        var line = new JsonLineWriter(_file.Reserve(LongestLine));
        line.Begin();
        line.Member("step"u8, e.Step);
        line.Member(_targets, e.Tokens);
        line.Member("loss"u8, e.Loss);
        line.Member("learning_rate"u8, e.LearningRate);
        line.Member("gradient_norm"u8, e.GradientNorm);
        line.Member("tokens_per_second"u8, e.TokensPerSecond);
        if (e.Seconds > 0) line.Member("seconds"u8, e.Seconds);
        if (!double.IsNaN(e.Accuracy)) line.Member("accuracy"u8, e.Accuracy);
        line.Member("batch_size"u8, e.Sequences);
        if (e.Padding is { } padding) line.Member("padding"u8, padding);
        if (e.ClipFactor is { } factor) line.Member("clip_factor"u8, factor);
        if (e.Penalty is { } penalty) line.Member("penalty"u8, penalty);
        if (e.SmoothedLoss is { } smoothed) line.Member("smoothed_loss"u8, smoothed);
        if (e.ZLoss is { } z) line.Member("z_loss"u8, z);
        line.Finish();
        Append(e.Step, line.Length, evaluated: false);
    }

    // A resumed run may evaluate its first step again; the figures are the same, so a second evaluation of a step is dropped.
    private void Write(Evaluated e)
    {
        if (e.Step < _lastStep) throw new InvalidOperationException($"{_file.Path} already holds step {_lastStep}; step {e.Step} can't be evaluated now.");
        if (e.Step == _lastStep && _lastEvaluated) return;
        int kept = 0;
        if (e.Step == _lastStep)
        {
            _file.StepBack(JsonLineWriter.End.Length);
            kept = Math.Max(0, _lastLength - JsonLineWriter.End.Length);
        }
        var line = new JsonLineWriter(_file.Reserve(LongestLine + LongestMember * e.Metrics.Count));
        if (e.Step != _lastStep)
        {
            line.Begin();
            line.Member("step"u8, e.Step);
            line.Member(_targets, e.Tokens);
            line.Member("learning_rate"u8, e.LearningRate);
        }
        line.Member("validation_loss"u8, e.Loss);
        if (!double.IsNaN(e.Accuracy)) line.Member("validation_accuracy"u8, e.Accuracy);
        foreach (var (name, value) in e.Metrics) line.Member(Encoding.UTF8.GetBytes(name), value);
        line.Finish();
        Append(e.Step, line.Length, evaluated: true, kept);
    }

    private void Append(long step, int length, bool evaluated, int kept = 0)
    {
        _file.Advance(length);
        _lastStep = step;
        _lastEvaluated = evaluated;
        _lastLength = kept + length;
        _file.FlushIfDue(hold: evaluated ? 0 : _lastLength);
    }

    private void Flush()
    {
        _file.Flush(toDisk: true);
        _lastLength = 0;
    }

    /// <summary>
    /// Removes the lines after <paramref name="step"/>, and everything from the first line that is torn or no metrics at all, by shortening the file
    /// in one operation. A file that is not there is left so.
    /// </summary>
    /// <returns>The step of the last line that stays, −1 when none does.</returns>
    /// <exception cref="SinterException">The file can't be read or written.</exception>
    public static long CutBack(string path, long step)
    {
        if (!File.Exists(path)) return -1;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var (length, last) = MetricsLine.Until(stream, step);
            if (length == stream.Length) return last;
            stream.SetLength(length);
            stream.Flush(flushToDisk: true);
            return last;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinterException($"Can't cut {path} back to step {step}: {e.Message} Check its permissions and that no other run uses it.", e);
        }
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
