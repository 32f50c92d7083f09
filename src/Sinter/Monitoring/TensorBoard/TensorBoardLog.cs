using System.Globalization;
using Google.Protobuf;
using Sinter.Monitoring.TensorBoard.Proto;
using Sinter.Training;

namespace Sinter.Monitoring.TensorBoard;

/// <summary>
/// Writes a TensorBoard event file while the run goes on: the scalars <c>loss</c>, <c>accuracy</c>, <c>learning_rate</c>, <c>gradient_norm</c>,
/// <c>tokens_per_second</c>, <c>validation/loss</c> and <c>validation/accuracy</c>, where there are such <c>clip_factor</c> and <c>penalty</c>, and as texts <c>sample</c> and <c>recipe</c>.
/// <c>tensorboard --logdir runs</c> shows them. Every session of a run has its own file, as TensorBoard expects; scalars are float32 there.
/// </summary>
/// <remarks>Events reach the file within about a second, and all of them at checkpoints and at the end.</remarks>
public sealed class TensorBoardLog : ITrainingListener, IDisposable
{
    private readonly TimeProvider _time;
    private readonly AppendFile _file;
    private readonly Event _scalars = new() { Summary = new Summary() };

    /// <summary>Creates an event file in <paramref name="folder"/>. A resumed run's older files are cut back first (<see
    /// cref="TensorBoardFiles.CutBack"/>).</summary>
    /// <exception cref="SinterException">The file can't be created.</exception>
    public TensorBoardLog(string folder, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _file = Create(folder, _time);
        TensorBoardRecord.Append(_file, new Event { WallTime = Now(), FileVersion = "brain.Event:2" });
        _file.Flush(toDisk: false);
    }

    /// <summary>The event file.</summary>
    public string Path => _file.Path;

    // Files of one folder are read in the order of their names, so the time comes first; a second session within the same second takes the next
    // number.
    private static AppendFile Create(string folder, TimeProvider time)
    {
        long seconds = time.GetUtcNow().ToUnixTimeSeconds();
        string host = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        for (int number = 0; ; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{TensorBoardFiles.Prefix}{seconds:D10}.{host}.{number:D3}");
            string path = System.IO.Path.Combine(folder, name);
            try
            {
                return new AppendFile(path, time, mustBeNew: true);
            }
            catch (IOException) when (File.Exists(path))
            {
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SinterException">The disk is full or the file can't be written.</exception>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted { FirstStep: 0 } started: Text("recipe", 0, Block(started.RecipeYaml)); break;
            case StepCompleted step: Write(step); break;
            case Evaluated evaluated: Write(evaluated); break;
            case TextSampled sample: Text("sample", sample.Step, Block(sample.Prompt + sample.Text)); break;
            case CheckpointStarted or CheckpointSaved or RunStopped or RunCompleted or RunFailed: _file.Flush(toDisk: true); break;
        }
        _file.FlushIfDue(hold: 0);
    }

    private void Write(StepCompleted e)
    {
        int count = 5;
        Begin(e.Step, values: count + (e.ClipFactor is null ? 0 : 1) + (e.Penalty is null ? 0 : 1));
        Scalar(0, "loss", e.Loss);
        Scalar(1, "accuracy", e.Accuracy);
        Scalar(2, "learning_rate", e.LearningRate);
        Scalar(3, "gradient_norm", e.GradientNorm);
        Scalar(4, "tokens_per_second", e.TokensPerSecond);
        if (e.ClipFactor is { } factor) Scalar(count++, "clip_factor", factor);
        if (e.Penalty is { } penalty) Scalar(count, "penalty", penalty);
        TensorBoardRecord.Append(_file, _scalars);
    }

    private void Write(Evaluated e)
    {
        const string prefix = "validation_";
        Begin(e.Step, values: 2 + e.Metrics.Count);
        Scalar(0, "validation/loss", e.Loss);
        Scalar(1, "validation/accuracy", e.Accuracy);
        foreach (var (i, (name, value)) in e.Metrics.Index())
            Scalar(2 + i, name.StartsWith(prefix, StringComparison.Ordinal) ? $"validation/{name[prefix.Length..]}" : name, value);
        TensorBoardRecord.Append(_file, _scalars);
    }

    private void Begin(long step, int values)
    {
        _scalars.WallTime = Now();
        _scalars.Step = step;
        var list = _scalars.Summary.Value;
        while (list.Count > values) list.RemoveAt(list.Count - 1);
        while (list.Count < values) list.Add(new Summary.Types.Value());
    }

    private void Scalar(int index, string tag, double value)
    {
        var scalar = _scalars.Summary.Value[index];
        scalar.Tag = tag;
        scalar.SimpleValue = (float)value;
    }

    private void Text(string tag, long step, string markdown)
    {
        var text = new Tensor { Dtype = DataType.DtString, TensorShape = new TensorShape { Dim = { new TensorShape.Types.Dim { Size = 1 } } } };
        text.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        var plugin = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } };
        var value = new Summary.Types.Value { Tag = tag + "/text_summary", Metadata = plugin, Tensor = text };
        TensorBoardRecord.Append(_file, new Event { WallTime = Now(), Step = step, Summary = new Summary { Value = { value } } });
    }

    // TensorBoard takes texts as Markdown; four spaces keep every line as it is.
    private static string Block(string text) => "    " + PrintableText.Of(text).TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal);

    private double Now() => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
