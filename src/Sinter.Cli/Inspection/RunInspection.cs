using System.Text.Json;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Recipes;

namespace Sinter.Cli.Inspection;

/// <summary>A run: what it trains, how far it is, what can be done next.</summary>
internal sealed class RunInspection : IInspection
{
    private readonly RunFolder _run;
    private readonly string _path;
    private readonly Recipe? _recipe;
    private readonly RunRecord _record;
    private readonly IReadOnlyList<Checkpoint> _checkpoints;
    private readonly MetricsLine? _last, _evaluated, _best;

    public RunInspection(string path)
    {
        (_path, _run) = (path, RunFolder.Open(path));
        _recipe = File.Exists(_run.RecipePath) ? RecipeReader.Read(_run.RecipePath) : null;
        _record = RunRecord.Read(_run.Path);
        _checkpoints = _run.Checkpoints();
        var lines = File.Exists(_run.MetricsPath) ? MetricsLine.Read(_run.MetricsPath).ToList() : [];
        _last = lines.Count > 0 ? lines[^1] : null;
        var evaluated = lines.Where(l => l.IsEvaluated).ToList();
        if (evaluated.Count == 0) return;
        (_evaluated, _best) = (evaluated[^1], evaluated.MinBy(l => l.ValidationLoss));
    }

    public void Write(TextWriter output)
    {
        var fields = new Fields().Add("folder", _path).Add("kind", "run").Add("state", State())
            .Add("text", _recipe is null ? null : string.Join(", ", _recipe.Data.Text));
        AddModel(fields);
        AddFigures(fields);
        fields.Add("time", _record.Sessions.Count == 0 ? null : Time());
        fields.Add("checkpoints", _checkpoints.Count == 0 ? "none yet"
            : string.Join(", ", _checkpoints.Select(c => $"step {HumanFormat.Count(c.Step)}")));
        string best = _record is { Completed: true, Best: { } kept } ? $", the weights of step {HumanFormat.Count(kept.Step)}, the best" : "";
        fields.Add("model", HasModel ? Path.Combine(_path, "model") + best : "not yet written");
        fields.Write(output);
        output.WriteLine();
        var next = IsComplete
            ? NextCommands.OfComplete(_run.Path, _record.Stop?.Step ?? _record.TotalSteps, _recipe).Skip(2)
            : [NextCommands.OfStopped(_run.Path, _last?.Step ?? 0)];
        foreach (string line in next) output.WriteLine(line);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("kind", "run");
        json.WriteString("path", _run.Path);
        json.WriteString("name", _recipe?.Name);
        json.WriteBoolean("completed", IsComplete);
        json.WriteNumber("step", _last?.Step ?? 0);
        json.WriteNumber("total_steps", _record.TotalSteps);
        json.WriteNumber("parameters", _record.Parameters);
        json.WriteFinite("loss", _last?.Loss);
        json.WriteFinite("validation_loss", _evaluated?.ValidationLoss);
        json.WriteFinite("validation_accuracy", _evaluated?.ValidationAccuracy);
        json.WriteFinite("best_validation_loss", _best?.ValidationLoss);
        json.WriteNumbers("checkpoints", _checkpoints.Select(c => c.Step));
        json.WriteString("model", HasModel ? _run.ModelPath : null);
        json.WriteString("recipe", _recipe is null ? null : RecipeWriter.Write(_recipe));
    }

    private bool HasModel => File.Exists(Path.Combine(_run.ModelPath, HuggingFaceConfig.FileName));

    private bool IsComplete => _record.Completed && HasModel;

    private string State()
    {
        if (_recipe is null) return "stopped before it began";
        long step = _last?.Step ?? 0;
        return IsComplete
            ? _record.Stop is { } stop ? $"complete, ended by {stop.Rule} at step {HumanFormat.Count(stop.Step)} of {HumanFormat.Count(_record.TotalSteps)}: {stop.Message}"
                : $"complete, {HumanFormat.Count(_record.TotalSteps)} steps"
            : _record.Stop is { IsFailure: true } failure ? $"failed at step {HumanFormat.Count(failure.Step)} of {HumanFormat.Count(_record.TotalSteps)}: {failure.Message}"
            : $"at step {HumanFormat.Count(step)} of {HumanFormat.Count(_record.TotalSteps)}";
    }

    private void AddModel(Fields fields)
    {
        if (_record.Model is not { } model) return;
        fields.Add("architecture", $"{model.Architecture}, {HumanFormat.Short(_record.Parameters)} parameters")
            .Add("shape", $"{model.NumLayers} layers, {model.NumHeads} heads, width {model.HiddenSize}, context {model.ContextLength}, "
                + $"vocabulary {HumanFormat.Count(model.VocabSize)}");
    }

    private void AddFigures(Fields fields)
    {
        if (_last?.Loss is { } loss) fields.Add("loss", HumanFormat.Loss(loss));
        if (_evaluated is { ValidationLoss: { } validation } line)
            fields.Add("validation", $"{HumanFormat.Loss(validation)} at step {HumanFormat.Count(line.Step)}, "
                + $"accuracy {HumanFormat.Percent(line.ValidationAccuracy ?? double.NaN)}");
        if (_best is { ValidationLoss: { } lowest } best && best.Step != _evaluated?.Step)
            fields.Add("best", $"{HumanFormat.Loss(lowest)} at step {HumanFormat.Count(best.Step)}");
    }

    private string Time()
    {
        var last = _record.Sessions[^1];
        string times = _record.Sessions.Count == 1 ? "" : $" in {_record.Sessions.Count} sessions";
        string duration = HumanFormat.Duration(TimeSpan.FromSeconds(_record.Sessions.Sum(s => s.Seconds)));
        return $"{duration}{times}; {last.Precision} on {last.InstructionSet}, {last.Threads} threads";
    }
}
