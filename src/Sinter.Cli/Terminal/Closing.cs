using Sinter.Checkpoints.HuggingFace;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Training;

namespace Sinter.Cli.Terminal;

/// <summary>What the user reads last: where the run is and the commands that go on from there, ready to be copied.</summary>
/// <param name="command">How the user calls Sinter here.</param>
/// <param name="currentFolder">Paths below it are shown relative to it.</param>
internal sealed class Closing(string command, string currentFolder)
{
    private string _prompt = "The";
    private Evaluated? _last;
    private bool _isClassifier;

    /// <summary>Takes the last evaluation, and the prompt of the run's own samples for the example, where it needs no escapes in any shell.</summary>
    public void On(TrainingEvent e)
    {
        if (e is RunStarted run) _isClassifier = run.Model.Head == ModelHead.Classifier;
        if (e is Evaluated evaluated) _last = evaluated;
        if (e is TextSampled { Prompt: { Length: > 0 and <= 40 } prompt }
            && prompt.All(c => char.IsLetterOrDigit(c) || " .,:;?'-".Contains(c))) _prompt = prompt;
    }

    /// <summary>The lines after a run's last event; none while it is running.</summary>
    public IReadOnlyList<string> Lines(TrainingEvent? last) => last switch
    {
        RunCompleted completed => [.. Ending(completed), .. Completed(completed.RunFolder)],
        RunFailed failed =>
        [
            $"The run failed at step {HumanFormat.Count(failed.Reason.Step)}; {Path.Combine(Shown(failed.RunFolder), ReportWriter.FileName)} shows how it went.",
            "Go on from its newest checkpoint with other values:",
            $"  {command} train --run {Quoted(Shown(failed.RunFolder))} --resume --set training.optimizer.learning_rate=VALUE",
        ],
        RunStopped { Step: 0 } stopped =>
        [
            "Stopped before the first step: there is nothing to save.",
            "Begin again with:",
            $"  {command} train --run {Quoted(Shown(stopped.RunFolder))} --resume",
        ],
        RunStopped stopped =>
        [
            $"Stopped and saved at step {HumanFormat.Count(stopped.Step)} in {Shown(stopped.RunFolder)}",
            "Go on with:",
            $"  {command} train --run {Quoted(Shown(stopped.RunFolder))} --resume",
        ],
        _ => [],
    };

    private IEnumerable<string> Ending(RunCompleted completed)
    {
        if (completed.Stop is { } stop) yield return $"Ended by {stop.Rule} at step {HumanFormat.Count(stop.Step)}: {stop.Message}.";
        if (completed.Best is not { } best) yield break;
        yield return $"The model is that of step {HumanFormat.Count(best.Step)}, the best: {best.Metric.Replace('_', ' ')} {Value(best.Metric, best.Value)}.";
        if (best.Step == completed.Step || _last?.Step != completed.Step) yield break;
        double last = best.Metric switch
        {
            "validation_accuracy" => _last.Accuracy,
            "validation_loss" => _last.Loss,
            _ => _last.Metrics.FirstOrDefault(m => m.Key == best.Metric).Value,
        };
        yield return $"The last step, {HumanFormat.Count(completed.Step)}, has {Value(best.Metric, last)} and is in checkpoints/.";
    }

    private static string Value(string metric, double value) => metric == "validation_accuracy" ? HumanFormat.Percent(value) : HumanFormat.Loss(value);

    private List<string> Completed(string run)
    {
        string folder = Shown(run);
        return
        [
            $"The run is in {folder}",
            "Next:",
            .. Commands(folder, talks: File.Exists(Path.Combine(run, "model", ChatFiles.FileName))),
            $"  open {Quoted(Path.Combine(folder, ReportWriter.FileName))} in a browser",
        ];
    }

    private string[] Commands(string folder, bool talks) =>
        _isClassifier ? [$"  {command} predict {Quoted(folder)} --text \"a text\"", $"  {command} predict {Quoted(folder)} --data FILE --json"]
        : talks ? [$"  {command} chat {Quoted(folder)}", $"  {command} evaluate {Quoted(folder)}"]
        : [$"  {command} generate {Quoted(folder)} --prompt \"{_prompt}\"", $"  {command} evaluate {Quoted(folder)} --data FILE"];

    private string Shown(string folder)
    {
        string relative = Path.GetRelativePath(currentFolder, folder);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? folder : relative;
    }

    private static string Quoted(string path) => path.All(c => char.IsLetterOrDigit(c) || "/\\._-:+~".Contains(c)) ? path : $"\"{path}\"";
}
