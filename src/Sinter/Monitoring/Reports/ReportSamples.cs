namespace Sinter.Monitoring.Reports;

/// <summary>The samples of the report: the first and the last side by side, those between folded away.</summary>
internal static class ReportSamples
{
    public static void Write(Html html, IReadOnlyList<RunSample> samples)
    {
        if (samples.Count == 0) return;
        html.Raw("<section><h2 class=\"out\">What it writes</h2><div class=\"pair\">");
        Card(html, samples[0], samples[0].Step == 0 ? "Before training" : $"After {HumanFormat.Count(samples[0].Step)} steps");
        if (samples.Count > 1) Card(html, samples[^1], $"After {HumanFormat.Count(samples[^1].Step)} steps");
        html.Raw("</div>");
        if (samples.Count > 2)
        {
            html.Add($"<details class=\"card\"><summary>{HumanFormat.Count(samples.Count - 2)} more between</summary>");
            foreach (var sample in samples.Skip(1).SkipLast(1)) Card(html, sample, $"After {HumanFormat.Count(sample.Step)} steps");
            html.Raw("</details>");
        }
        html.Raw("</section>\n");
    }

    private static void Card(Html html, RunSample sample, string title) =>
        html.Add($"<article class=\"card\"><h3>{title}</h3><pre class=\"sample\" dir=\"auto\"><b>{sample.Prompt}</b>{sample.Text}</pre></article>");
}
