using Sinter.Evaluation;

namespace Sinter.Monitoring.Reports;

/// <summary>A confusion matrix as a picture: a row for each true label, coloured by the share of the row that was predicted to be of each column.</summary>
internal static class ConfusionChart
{
    private const int MostNumbered = 16, MostNamed = 80, MostCharacters = 40;
    private const double CharacterWidth = 6.3;

    /// <summary>Appends the picture of a report that has a matrix.</summary>
    public static void Draw(Html html, TaskReport report)
    {
        if (report.Confusion is not { Count: > 0 } matrix) return;
        int count = matrix.Count, cell = count <= MostNumbered ? 38 : count <= MostNamed ? 19 : 8;
        bool isNamed = count <= MostNamed, isNumbered = count <= MostNumbered;
        string[] names = [.. report.Labels.Select(l => l.Label.Length <= MostCharacters ? l.Label : l.Label[..(MostCharacters - 1)] + "…")];
        double room = isNamed ? CharacterWidth * names.Max(n => n.Length) + 14 : 14;
        double left = room, top = isNamed ? 0.72 * room + 12 : 14, width = left + cell * count + (isNamed ? 0.72 * room : 0), height = top + cell * count + 4;
        html.Raw("<section class=\"card\"><figcaption><b>Confusion matrix</b> <small>rows: the true label; columns: the predicted one; colour: the share of the row");
        html.Raw("</small><span class=\"legend\"><span class=\"key c1\"><i></i>right</span><span class=\"key c2\"><i></i>wrong</span></span></figcaption><div class=\"scroll\">");
        html.Add($"<svg class=\"matrix\" viewBox=\"0 0 {width:0.#} {height:0.#}\" style=\"width:{width:0}px;height:{height:0}px\" role=\"img\" aria-label=\"Confusion matrix\">");
        html.Add($"<rect class=\"frame\" x=\"{left:0.#}\" y=\"{top:0.#}\" width=\"{cell * count}\" height=\"{cell * count}\"/>");
        for (int i = 0; i < count; i++)
        {
            if (isNamed) Name(html, names[i], left - 7, top + (i + 0.5) * cell + 4, "end", 0);
            if (isNamed) Name(html, names[i], left + (i + 0.5) * cell + 3, top - 7, "start", -45);
            long support = matrix[i].Sum();
            for (int j = 0; j < count; j++)
                if (matrix[i][j] > 0) Cell(html, report, i, j, support, left + j * cell, top + i * cell, cell, isNumbered);
        }
        html.Raw("</svg></div></section>\n");
    }

    private static void Cell(Html html, TaskReport report, int actual, int predicted, long support, double x, double y, int size, bool isNumbered)
    {
        long count = report.Confusion![actual][predicted];
        double share = (double)count / support;
        string kind = actual == predicted ? "right" : "wrong";
        html.Add($"<g class=\"{kind}\"><rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{size}\" height=\"{size}\" fill-opacity=\"{0.06 + 0.94 * share:0.00}\"/>");
        if (isNumbered)
            html.Add($"<text class=\"{(share > 0.45 ? "on" : "off")}\" x=\"{x + size / 2.0:0.#}\" y=\"{y + size / 2.0 + 4:0.#}\" text-anchor=\"middle\">{HumanFormat.Short(count)}</text>");
        html.Add($"<title>{report.Labels[actual].Label} → {report.Labels[predicted].Label}: {HumanFormat.Count(count)} of {HumanFormat.Count(support)}</title></g>");
    }

    private static void Name(Html html, string name, double x, double y, string anchor, int turn)
    {
        html.Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\"");
        if (turn != 0) html.Add($" transform=\"rotate({turn} {x:0.#} {y:0.#})\"");
        html.Add($">{name}</text>");
    }
}
