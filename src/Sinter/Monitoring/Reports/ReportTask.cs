using Sinter.Evaluation;

namespace Sinter.Monitoring.Reports;

/// <summary>The parts of the report that a task has of its own: its figures beside those of simpler ways, and its labels.</summary>
internal static class ReportTask
{
    /// <summary>Appends them.</summary>
    public static void Write(Html html, TaskReport report)
    {
        if (report.Columns.Count > 1) Figures(html, report);
        ConfusionChart.Draw(html, report);
        if (report.Labels.Count > 0) Labels(html, report);
    }

    /// <summary>A figure as text.</summary>
    public static string Value(double? value) => value is { } number ? HumanFormat.Loss(number) : "–";

    private static void Figures(Html html, TaskReport report)
    {
        html.Add($"<section class=\"card\"><h2>The finished model, on {HumanFormat.Count(report.Validated)} validation {report.Unit}</h2>");
        html.Raw("<div class=\"scroll\"><table><thead><tr><th></th>");
        foreach (string column in report.Columns) html.Add($"<th>{column}</th>");
        html.Raw("</tr></thead><tbody>");
        foreach (var figure in report.Figures)
        {
            html.Add($"<tr><td>{Name(figure.Name)}</td>");
            foreach (double? value in figure.Values) html.Add($"<td>{Value(value)}</td>");
            html.Raw("</tr>");
        }
        html.Raw("</tbody></table></div></section>\n");
    }

    private static void Labels(Html html, TaskReport report)
    {
        html.Raw("<details class=\"card\"><summary><h2>Labels</h2></summary><div class=\"scroll\"><table><thead><tr><th>Label</th><th>Examples</th><th>Precision</th>");
        html.Raw("<th>Recall</th><th>F1</th><th>Informedness</th><th>Markedness</th></tr></thead><tbody>");
        foreach (var l in report.Labels)
        {
            html.Add($"<tr><td>{l.Label}</td><td>{HumanFormat.Count(l.Support)}</td><td>{Value(l.Precision)}</td><td>{Value(l.Recall)}</td>");
            html.Add($"<td>{Value(l.F1)}</td><td>{Value(l.Informedness)}</td><td>{Value(l.Markedness)}</td></tr>");
        }
        html.Raw("</tbody></table></div></details>\n");
    }

    /// <summary>A figure's name for people.</summary>
    public static string Name(string name) => name switch
    {
        "f1" => "F1 (macro)",
        "precision" => "precision (macro)",
        "recall" => "recall (macro)",
        "r2" => "R²",
        "mse" => "mean squared error",
        "mae" => "mean absolute error",
        _ => name.Replace('_', ' '),
    };
}
