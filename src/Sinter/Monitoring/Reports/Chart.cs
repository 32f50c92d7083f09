namespace Sinter.Monitoring.Reports;

/// <summary>How a series is drawn.</summary>
internal enum SeriesStyle
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A faint line behind the others: the figures before smoothing.</summary>
    Faint,

    /// <summary>A line with a dot at each point.</summary>
    Dots,
}

/// <summary>A curve of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Color">The number of a colour of the page, from 1.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Finite, in order of steps, few enough to draw.</param>
internal sealed record Series(string Name, int Color, SeriesStyle Style, List<CurvePoint> Points);

/// <summary>
/// A chart as inline SVG. The drawing is stretched to the space it gets, while ticks are text of the page beside it, so that they are readable at every
/// width; strokes and dots keep their size through <c>vector-effect: non-scaling-stroke</c>.
/// </summary>
/// <param name="Title">What is shown.</param>
/// <param name="Unit">Its unit or a remark.</param>
/// <param name="Series">The curves.</param>
/// <param name="Percent">Whether values are shares, shown as per cent.</param>
/// <param name="NotFinite">Steps whose figure was NaN or infinite, which are marked.</param>
internal sealed record Chart(string Title, string Unit, IReadOnlyList<Series> Series, bool Percent = false, IReadOnlyList<double>? NotFinite = null)
{
    private const int MostMarks = 200;

    /// <summary>Appends the chart to a page whose steps go from 0 to <paramref name="lastStep"/>.</summary>
    public void Draw(Html html, double lastStep, bool wide)
    {
        var x = Axis.Steps(0, lastStep);
        var y = Axis.For([.. Series.SelectMany(series => series.Points).Select(point => point.Y)], wide ? 7 : 5);
        string unit = y.IsLogarithmic ? Unit + ", logarithmic" : Unit;
        html.Add($"<figure class=\"card chart{(wide ? " wide" : "")}\"><figcaption><b>{Title}</b> <small>{unit}</small>");
        Legend(html);
        html.Raw("</figcaption><div class=\"plot\">");
        html.Add($"<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Title} by step\">");
        foreach (double tick in y.Ticks) html.Add($"<path class=\"grid\" d=\"M0 {Down(y, tick):F1}H1000\"/>");
        foreach (double step in (NotFinite ?? []).Take(MostMarks)) html.Add($"<path class=\"bad\" d=\"M{1000 * x.At(step):F1} 0V1000\"/>");
        foreach (var series in Series) DrawSeries(html, series, x, y);
        html.Raw("</svg>");
        foreach (double tick in y.Ticks) html.Add($"<span class=\"yt\" style=\"top:{Down(y, tick) / 10:F2}%\">{Label(tick)}</span>");
        for (int i = 0; i < x.Ticks.Length; i++)
            html.Add($"<span class=\"xt{(i % 2 == 1 ? " odd" : "")}\" style=\"left:{100 * x.At(x.Ticks[i]):F2}%\">{Axis.Label(x.Ticks[i])}</span>");
        html.Raw("</div>");
        Data(html, x);
        html.Raw("</figure>\n");
    }

    private string Label(double tick) => Percent ? Axis.Label(100 * tick) + " %" : Axis.Label(tick);

    private void Legend(Html html)
    {
        html.Raw("<span class=\"legend\">");
        if (Series.Count > 1)
            foreach (var series in Series)
                html.Add($"<span class=\"key c{series.Color}\"><i class=\"{Class(series.Style)}\"></i>{series.Name}</span>");
        if (NotFinite is { Count: > 0 and var count })
            html.Add($"<span class=\"key\"><i class=\"notfinite\"></i>not finite ({HumanFormat.Count(count)} {(count == 1 ? "step" : "steps")})</span>");
        html.Raw("</span>");
    }

    private static string Class(SeriesStyle style) => style switch { SeriesStyle.Faint => "faint", SeriesStyle.Dots => "dots", _ => "line" };

    private static void DrawSeries(Html html, Series series, Axis x, Axis y)
    {
        if (series.Points.Count == 0) return;
        html.Add($"<path class=\"{Class(series.Style)} c{series.Color}\" d=\"");
        char command = 'M';
        foreach (var (step, value) in series.Points)
        {
            html.Add($"{(command == 'M' ? "M" : "L")}{1000 * x.At(step):0.#} {Down(y, value):0.#}");
            command = 'L';
        }
        html.Raw("\"/>");
        // A path without length still has round ends: a dot that is not stretched.
        if (series.Style != SeriesStyle.Dots && series.Points.Count > 1) return;
        html.Add($"<path class=\"dot c{series.Color}\" d=\"");
        foreach (var (step, value) in series.Points) html.Add($"M{1000 * x.At(step):0.#} {Down(y, value):0.#}h0");
        html.Raw("\"/>");
    }

    private static double Down(Axis y, double value) => 1000 * (1 - y.At(value));

    // What the page's script shows under the pointer.
    private void Data(Html html, Axis x)
    {
        html.Add($"<script type=\"application/json\">{{\"from\":{x.Range.Low:R},\"to\":{x.Range.High:R},");
        html.Add($"\"percent\":{(Percent ? 1 : 0)},\"series\":[");
        for (int i = 0; i < Series.Count; i++)
        {
            html.Add($"{(i > 0 ? "," : "")}{{\"c\":{Series[i].Color},\"n\":\"").Raw(Series[i].Name).Raw("\",\"x\":[");
            html.Raw(string.Join(',', Series[i].Points.Select(point => FormattableString.Invariant($"{point.X:R}")))).Raw("],\"y\":[");
            html.Raw(string.Join(',', Series[i].Points.Select(point => FormattableString.Invariant($"{point.Y:G5}")))).Raw("]}");
        }
        html.Raw("]}</script>");
    }
}
