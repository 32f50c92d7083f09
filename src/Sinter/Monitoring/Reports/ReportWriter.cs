using System.Globalization;
using System.Text;
using Sinter.Checkpoints.Files;
using Sinter.Evaluation;
using Sinter.Models;

namespace Sinter.Monitoring.Reports;

/// <summary>
/// Writes <c>report.html</c>: one page that needs nothing else, neither the network nor scripts (a small one shows values under the pointer).
/// Its colours follow the reader's light or dark setting, and it prints.
/// </summary>
public static class ReportWriter
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "report.html";

    private const int MostEvaluations = 60;

    // The policy lets nothing be loaded, whatever a sample may hold.
    private const string Preamble = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">

        """;

    /// <summary>Writes the report of <paramref name="runFolder"/> from its <c>metrics.jsonl</c> and <paramref name="data"/>.</summary>
    /// <returns>The page's path.</returns>
    /// <exception cref="SinterException">The figures can't be read, the disk is full, or the page can't be written.</exception>
    public static string Write(string runFolder, ReportData data)
    {
        string path = Path.Combine(runFolder, FileName), metrics = Path.Combine(runFolder, MetricsLog.FileName);
        try
        {
            DurableFile.Write(path, Encoding.UTF8.GetBytes(Page(data, new ReportCurves(metrics), TaskReport.Read(Path.Combine(runFolder, "model")))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinterException($"Can't read {metrics}: {e.Message} The run itself is complete.", e);
        }
        return path;
    }

    private static string Page(ReportData data, ReportCurves curves, TaskReport? task)
    {
        var run = data.Run;
        var html = new Html();
        html.Raw(Preamble).Add($"<title>{run.Name} · Sinter</title><style>").Raw(Resource("report.css")).Raw("</style></head><body><main>\n");
        Header(html, run);
        ReportFigures.Ending(html, run, curves);
        ReportFigures.Tiles(html, run, curves);
        html.Raw("<section class=\"charts\">\n");
        bool first = true;
        foreach (var chart in curves.Charts(ReportFigures.Target(run)))
        {
            chart.Draw(html, curves.LastStep, wide: first);
            first = false;
        }
        html.Raw("</section>\n");
        ReportFigures.Forgotten(html, curves);
        if (task is not null && run.Completed) ReportTask.Write(html, task);
        ReportSamples.Write(html, run.Samples);
        ReportFigures.Phases(html, run);
        html.Raw("<section class=\"pair\">");
        ReportFigures.ModelTable(html, run);
        ReportFigures.MachineTable(html, run);
        html.Raw("</section>\n");
        ReportFigures.Sessions(html, run.Sessions);
        ReportFigures.Evaluations(html, run, curves.Evaluations, MostEvaluations);
        string recipe = data.RecipeYaml.Trim();
        if (recipe.Length > 0) html.Add($"<section class=\"card\"><h2>Recipe</h2><pre class=\"recipe\">{recipe}</pre></section>\n");
        string? version = typeof(ReportWriter).Assembly.GetName().Version?.ToString(3);
        html.Add($"<footer>Made by Sinter {version} from metrics.jsonl and run.json of this run.</footer>");
        return html.Raw("</main><script>").Raw(Resource("report.js")).Raw("</script></body></html>\n").ToString();
    }

    private static void Header(Html html, RunRecord run)
    {
        html.Add($"<header><h1>{run.Name}</h1><p>");
        var facts = new List<string>();
        if (run.Model is { } model) facts.Add($"{ModelName(model)} with {HumanFormat.Short(run.Parameters)} parameters");
        facts.Add($"{HumanFormat.Count(run.TotalSteps)} steps");
        if (run.Sessions is [.., var last]) facts.Add($"{last.Precision} on {last.Threads} {(last.Threads == 1 ? "thread" : "threads")}");
        if (run.Sessions is [var begun, ..]) facts.Add(begun.Started.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture));
        html.Add($"{string.Join(" · ", facts)}</p></header>\n");
    }

    /// <summary>An architecture as people write it.</summary>
    internal static string ModelName(ModelConfig model) => model.Architecture switch
    {
        "gpt2" => "GPT-2",
        "llama" => "Llama",
        "mistral" => "Mistral",
        "qwen2" => "Qwen2",
        "qwen3" => "Qwen3",
        "gemma2" => "Gemma 2",
        "phi3" => "Phi-3",
        "bert" => "BERT",
        "roberta" => "RoBERTa",
        "distilbert" => "DistilBERT",
        var other => other,
    };

    private static string Resource(string name)
    {
        using var stream = typeof(ReportWriter).Assembly.GetManifestResourceStream(name)!;
        return new StreamReader(stream).ReadToEnd();
    }
}
