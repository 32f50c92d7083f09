using System.Globalization;
using Sinter.Models;
using Sinter.Training.Stopping;

namespace Sinter.Monitoring.Reports;

/// <summary>The parts of the report that are figures and tables.</summary>
internal static class ReportFigures
{
    /// <summary>The headline figures.</summary>
    public static void Tiles(Html html, RunRecord run, ReportCurves curves)
    {
        double seconds = run.Sessions.Sum(session => session.Seconds);
        html.Raw("<section class=\"tiles\">");
        if (curves.ValidationLoss is { } loss)
        {
            string best = "its best";
            if (curves.BestValidation is { } point && !(loss <= point.Y)) best = $"best {HumanFormat.Loss(point.Y)} at step {HumanFormat.Count((long)point.X)}";
            Tile(html, "Validation loss", HumanFormat.Loss(loss), best, main: true);
            if (Target(run) == "token") Tile(html, "Perplexity", HumanFormat.Perplexity(loss), "validation, per token");
        }
        string window = curves.Window == 1 ? "last step" : $"mean of the last {HumanFormat.Count(curves.Window)} steps";
        string each = curves.Tokens == curves.LastStep * run.TokensPerStep ? HumanFormat.Count(run.TokensPerStep)
            : $"{HumanFormat.Count(curves.Tokens / Math.Max(1, curves.LastStep))} on average";
        string steps = $"{HumanFormat.Count(curves.LastStep)} steps of {each}";
        string sessions = run.Sessions.Count > 1 ? $"in {run.Sessions.Count} sessions" : "from start to end";
        if (curves.TrainingLoss is { } training) Tile(html, "Training loss", HumanFormat.Loss(training), window);
        if (curves.Evaluations is [.., { ValidationAccuracy: { } accuracy }]) Tile(html, "Accuracy", HumanFormat.Percent(accuracy), Target(run) == "token" ? "next token, validation" : "validation");
        if (curves.Evaluations is [.., { Metrics: var metrics }] && metrics.FirstOrDefault(m => m.Key is "validation_f1" or "validation_r2") is { Key: { } key, Value: var score })
            Tile(html, ReportTask.Name(key["validation_".Length..]), HumanFormat.Loss(score), "validation");
        Tile(html, Target(run) == "token" ? "Tokens" : "Examples", HumanFormat.Short(curves.Tokens), steps);
        if (curves.TokensPerSecond is { } speed) Tile(html, "Tokens per second", HumanFormat.Short(speed), "median of the steps");
        Tile(html, "Time", HumanFormat.Duration(TimeSpan.FromSeconds(seconds)), sessions);
        html.Raw("</section>\n");
    }

    /// <summary>What a target is, in the singular.</summary>
    public static string Target(RunRecord run) => RunCurve.TargetsOf(run.Model).TrimEnd('s');

    private static string Value(BestStep best) => best.Metric == "validation_accuracy" ? HumanFormat.Percent(best.Value) : HumanFormat.Loss(best.Value);

    /// <summary>Why the run ended before its last step, and which step's weights its model has, where that is not the last one.</summary>
    public static void Ending(Html html, RunRecord run, ReportCurves curves)
    {
        var best = run.Best is { } kept && kept.Step != curves.LastStep ? run.Best : null;
        if (run.Stop is null && best is null) return;
        html.Raw("<section class=\"card\">");
        if (run.Stop is { } stop)
        {
            string how = stop.IsFailure ? "failed" : "was ended", rule = stop.Rule == "not_finite" ? "numbers that are not finite" : stop.Rule;
            html.Add($"<h2>The run {how} at step {HumanFormat.Count(stop.Step)} of {HumanFormat.Count(run.TotalSteps)} by {rule}</h2><p>{stop.Message}.</p>");
        }
        if (best is not null && run.Completed)
            html.Add($"<p>The finished model has the weights of step {HumanFormat.Count(best.Step)}, the best: {best.Metric.Replace('_', ' ')} {Value(best)}.</p>");
        html.Raw("</section>\n");
    }

    /// <summary>How the old data fared, where the run measured it.</summary>
    public static void Forgotten(Html html, ReportCurves curves)
    {
        if (Forgetting.Of(curves.Evaluations) is not { } old) return;
        html.Raw("<section class=\"card\"><h2>What was learned before</h2><div class=\"scroll\"><table><thead><tr><th>On the old data</th><th>Before</th><th>");
        html.Add($"After step {HumanFormat.Count(old.Step)}</th></tr></thead><tbody>");
        html.Add($"<tr><td>Loss</td><td>{HumanFormat.Loss(old.LossBefore)}</td><td>{HumanFormat.Loss(old.LossAfter)}</td></tr>");
        html.Add($"<tr><td>Perplexity</td><td>{HumanFormat.Perplexity(old.LossBefore)}</td><td>{HumanFormat.Perplexity(old.LossAfter)}</td></tr>");
        html.Add($"<tr><td>Accuracy</td><td>{HumanFormat.Percent(old.AccuracyBefore)}</td><td>{HumanFormat.Percent(old.AccuracyAfter)}</td></tr>");
        html.Raw("</tbody></table></div></section>\n");
    }

    private static void Tile(Html html, string label, string value, string note, bool main = false) =>
        html.Add($"<div class=\"card tile{(main ? " main" : "")}\"><span>{label}</span><strong>{value}</strong><small>{note}</small></div>");

    /// <summary>Time by phase, all sessions together, as a bar.</summary>
    public static void Phases(Html html, RunRecord run)
    {
        double total = run.Sessions.Sum(session => session.Seconds);
        var phases = run.Sessions.SelectMany(session => session.Phases).GroupBy(phase => phase.Name)
            .Select(group => new RunPhase(group.Key, group.Sum(phase => phase.Seconds))).Where(phase => phase.Seconds > 0).ToList();
        if (phases.Count == 0) return;
        double known = phases.Sum(phase => phase.Seconds);
        if (total - known > 0.005 * total) phases.Add(new RunPhase("other", total - known));
        double all = Math.Max(total, known);
        html.Raw("<section class=\"card\"><h2>Where the time went</h2><div class=\"bar\">");
        foreach (var (i, (name, spent)) in phases.Index()) html.Add($"<i class=\"p{i % 8}\" style=\"flex-grow:{spent:F3}\" title=\"{name}\"></i>");
        html.Raw("</div><div class=\"scroll\"><table class=\"phases\"><tbody>");
        foreach (var (i, (name, spent)) in phases.Index())
            html.Add($"<tr><td><i class=\"swatch p{i % 8}\"></i>{name}</td><td>{Time(spent)}</td><td>{HumanFormat.Percent(spent / all)}</td></tr>");
        html.Raw("</tbody></table></div></section>\n");
    }

    private static string Time(double seconds) =>
        seconds < 60 ? seconds.ToString("F1", CultureInfo.InvariantCulture) + "s" : HumanFormat.Duration(TimeSpan.FromSeconds(seconds));

    /// <summary>The model and its data.</summary>
    public static void ModelTable(Html html, RunRecord run)
    {
        html.Raw("<div class=\"card\"><h2>Model and data</h2><dl>");
        if (run.Model is { } model)
        {
            Row(html, "Architecture", ReportWriter.ModelName(model));
            Row(html, "Parameters", HumanFormat.Count(run.Parameters));
            Row(html, "Layers", HumanFormat.Count(model.NumLayers));
            string grouped = model.NumKvHeads == model.NumHeads ? "" : $" ({model.NumKvHeads} key-value)";
            Row(html, "Heads", $"{model.NumHeads}{grouped} of {model.HeadSize}");
            Row(html, "Hidden size", $"{HumanFormat.Count(model.HiddenSize)}, feed-forward {HumanFormat.Count(model.IntermediateSize)}");
            Row(html, "Context", $"{HumanFormat.Count(model.ContextLength)} tokens");
            Row(html, "Vocabulary", $"{HumanFormat.Count(model.VocabSize)} tokens{(model.TieEmbeddings ? ", embedding tied" : "")}");
            Row(html, "Dropout, biases", $"{Dropout(model)}, {(model.Bias ? "with" : "without")}");
        }
        Row(html, "Training tokens", HumanFormat.Count(run.TrainTokens));
        Row(html, "Validation tokens", HumanFormat.Count(run.ValidationTokens));
        html.Raw("</dl></div>");
    }

    private static string Dropout(ModelConfig model)
    {
        double[] all = [model.EmbeddingDropout, model.AttentionDropout, model.ResidualDropout];
        string places = all.Distinct().Count() == 1 ? HumanFormat.Number(all[0])
            : $"{HumanFormat.Number(all[0])} of embeddings, {HumanFormat.Number(all[1])} of attention, {HumanFormat.Number(all[2])} of residuals";
        return model.StochasticDepth == 0 ? places : $"{places}, stochastic depth to {HumanFormat.Number(model.StochasticDepth)}";
    }

    /// <summary>The machine of the last session.</summary>
    public static void MachineTable(Html html, RunRecord run)
    {
        if (run.Sessions is not [.., var session]) return;
        html.Raw("<div class=\"card\"><h2>Machine</h2><dl>");
        if (session.Machine is { } machine)
        {
            Row(html, "Processor", machine.Processor);
            Row(html, "Processors", $"{machine.Processors} logical, {session.Threads} {(session.Threads == 1 ? "thread" : "threads")} used");
            Row(html, "Memory", HumanFormat.Bytes(machine.MemoryBytes));
            Row(html, "System", machine.System);
            Row(html, "Runtime", machine.Runtime);
        }
        Row(html, "Kernels", session.InstructionSet);
        Row(html, "Precision", session.Precision);
        if (session.PeakMemoryBytes > 0) Row(html, "Device memory", $"{HumanFormat.Bytes(session.PeakMemoryBytes)} at most");
        html.Raw("</dl></div>");
    }

    private static void Row(Html html, string name, string value) => html.Add($"<dt>{name}</dt><dd>{value}</dd>");

    /// <summary>The sessions of a run that was resumed.</summary>
    public static void Sessions(Html html, IReadOnlyList<RunSession> sessions)
    {
        if (sessions.Count < 2) return;
        html.Raw("<section class=\"card\"><h2>Sessions</h2><div class=\"scroll\"><table><thead><tr><th>Started</th><th>Steps</th><th>Time</th>");
        html.Raw("<th>Precision</th><th>Kernels</th><th>Threads</th><th>Processor</th></tr></thead><tbody>");
        foreach (var session in sessions)
        {
            string started = session.Started.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            html.Add($"<tr><td>{started}</td><td>{HumanFormat.Count(session.FirstStep)} – {HumanFormat.Count(session.LastStep)}</td>");
            html.Add($"<td>{Time(session.Seconds)}</td><td>{session.Precision}</td><td>{session.InstructionSet}</td>");
            html.Add($"<td>{session.Threads}</td><td>{session.Machine?.Processor}</td></tr>");
        }
        html.Raw("</tbody></table></div></section>\n");
    }

    /// <summary>The evaluations as a table, at most <paramref name="limit"/> of them, evenly spread.</summary>
    public static void Evaluations(Html html, RunRecord run, List<MetricsLine> lines, int limit)
    {
        if (lines.Count == 0) return;
        html.Raw("<details class=\"card\"><summary><h2>Evaluations</h2></summary><div class=\"scroll\"><table><thead><tr><th>Step</th>");
        bool isText = Target(run) == "example", isNumber = isText && run.Model?.Problem == ProblemKind.Regression;
        html.Raw($"<th>{(isText ? "Examples" : "Tokens")}</th><th>Training loss</th><th>Validation loss</th>");
        html.Raw($"{(isText ? "" : "<th>Perplexity</th>")}{(isNumber ? "" : "<th>Accuracy</th>")}</tr></thead><tbody>");
        int rows = Math.Min(limit, lines.Count);
        for (int i = 0; i < rows; i++)
        {
            var line = lines[rows == 1 ? 0 : (int)((long)i * (lines.Count - 1) / (rows - 1))];
            string training = line.Loss is { } loss ? HumanFormat.Loss(loss) : "–";
            double validation = line.ValidationLoss ?? double.NaN, accuracy = line.ValidationAccuracy ?? double.NaN;
            html.Add($"<tr><td>{HumanFormat.Count(line.Step)}</td><td>{HumanFormat.Count(line.Tokens)}</td><td>{training}</td>");
            html.Add($"<td>{HumanFormat.Loss(validation)}</td>");
            if (!isText) html.Add($"<td>{HumanFormat.Perplexity(validation)}</td>");
            if (!isNumber) html.Add($"<td>{HumanFormat.Percent(accuracy)}</td>");
            html.Raw("</tr>");
        }
        html.Raw("</tbody></table></div></details>\n");
    }
}
