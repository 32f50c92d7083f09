using System.Globalization;
using System.Text;

namespace Sinter.Monitoring.Reports;

/// <summary>A curve of an <see cref="SvgChart"/>.</summary>
/// <param name="Name">For the legend; empty is not named.</param>
/// <param name="Points">X ascending; points that are not finite are left out.</param>
/// <param name="Dots">Whether each point is marked.</param>
public sealed record SvgSeries(string Name, IReadOnlyList<(double X, double Y)> Points, bool Dots = false);

/// <summary>A chart that is a file of its own, for pages and documents: a fixed size, its own colours, text as text.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="XTitle">The horizontal axis.</param>
/// <param name="YTitle">The vertical axis.</param>
/// <param name="Series">The curves.</param>
public sealed record SvgChart(string Title, string XTitle, string YTitle, IReadOnlyList<SvgSeries> Series)
{
    private const int Width = 860, Height = 440, Left = 74, Right = 190, Top = 46, Bottom = 52, MostPoints = 1000;

    private static readonly string[] s_colors =
    [
        "#2563c9", "#d9620b", "#2a8a4a", "#8a4bc7", "#0e8a92", "#c2417c", "#8c6d1f", "#5f6b7a", "#b3261e", "#4f46b5", "#6b8e23", "#00668b", "#a0522d", "#333333",
    ];

    /// <summary>Whether the horizontal axis is one of powers of ten; its values are above 0 then.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>The lowest and highest value shown; null shows all. Curves are cut off at the frame.</summary>
    public (double Low, double High)? YRange { get; init; }

    /// <summary>Vertical lines with a word, such as a suggested learning rate.</summary>
    public IReadOnlyList<(double X, string Text)> Marks { get; init; } = [];

    /// <summary>The SVG.</summary>
    public override string ToString()
    {
        var svg = new StringBuilder();
        var curves = Series.Select(s => Curve.Thin([.. s.Points.Where(p => double.IsFinite(p.X)).Select(p => new CurvePoint(p.X, p.Y))], MostPoints)).ToList();
        var (x, y) = Axes(curves);
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"system-ui, sans-serif\" font-size=\"12.5\" fill=\"#1c2127\">\n");
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" rx=\"8\" fill=\"#ffffff\"/>\n<text x=\"{Left}\" y=\"26\" font-size=\"15\" font-weight=\"600\">{Text(Title)}</text>\n");
        Grid(svg, x, y);
        Add(svg, $"<clipPath id=\"frame\"><rect x=\"{Left}\" y=\"{Top}\" width=\"{Width - Left - Right}\" height=\"{Height - Top - Bottom}\"/></clipPath>\n");
        for (int i = 0; i < curves.Count; i++) Draw(svg, curves[i], Series[i].Dots, s_colors[i % s_colors.Length], x, y);
        foreach (var (i, (at, text)) in Marks.Index())
        {
            Add(svg, $"<path d=\"M{Across(x, at):0.#} {Top}V{Height - Bottom}\" stroke=\"#b3261e\" stroke-dasharray=\"4 4\"/>\n");
            Add(svg, $"<text x=\"{Across(x, at) + 5:0.#}\" y=\"{Top + 13 + 16 * i}\" fill=\"#b3261e\">{Text(text)}</text>\n");
        }
        Legend(svg, curves);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private (Axis X, Axis Y) Axes(List<List<CurvePoint>> curves)
    {
        double[] xs = [.. curves.SelectMany(c => c).Select(p => p.X)];
        var x = xs.Length == 0 ? Axis.Steps(0, 1) : LogarithmicX ? Axis.Powers(xs.Min(), xs.Max()) : Axis.Steps(Math.Min(0, xs.Min()), xs.Max());
        return (x, YRange is { } range ? Axis.For([range.Low, range.High], 6) : Axis.For([.. curves.SelectMany(c => c).Select(p => p.Y)], 6));
    }

    private void Grid(StringBuilder svg, Axis x, Axis y)
    {
        foreach (double tick in y.Ticks)
        {
            Add(svg, $"<path d=\"M{Left} {Down(y, tick):0.#}H{Width - Right}\" stroke=\"#e3e6ea\"/>\n");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{Down(y, tick) + 4:0.#}\" text-anchor=\"end\" fill=\"#626b76\">{Axis.Label(tick)}</text>\n");
        }
        foreach (double tick in x.Ticks)
        {
            Add(svg, $"<path d=\"M{Across(x, tick):0.#} {Height - Bottom}v5\" stroke=\"#9aa3ad\"/>\n");
            Add(svg, $"<text x=\"{Across(x, tick):0.#}\" y=\"{Height - Bottom + 19}\" text-anchor=\"middle\" fill=\"#626b76\">{Axis.Label(tick)}</text>\n");
        }
        Add(svg, $"<path d=\"M{Left} {Height - Bottom}H{Width - Right}\" stroke=\"#9aa3ad\"/>\n");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">{Text(XTitle)}</text>\n");
        Add(svg, $"<text transform=\"translate(18 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(YTitle)}</text>\n");
    }

    private static void Draw(StringBuilder svg, List<CurvePoint> points, bool dots, string color, Axis x, Axis y)
    {
        if (points.Count == 0) return;
        Add(svg, $"<g clip-path=\"url(#frame)\"><path fill=\"none\" stroke=\"{color}\" stroke-width=\"1.8\" stroke-linejoin=\"round\" d=\"");
        char command = 'M';
        foreach (var (px, py) in points)
        {
            Add(svg, $"{(command == 'M' ? "M" : "L")}{Across(x, px):0.#} {Down(y, py):0.#}");
            command = 'L';
        }
        svg.Append("\"/>");
        if (dots || points.Count == 1)
            foreach (var (px, py) in points) Add(svg, $"<circle cx=\"{Across(x, px):0.#}\" cy=\"{Down(y, py):0.#}\" r=\"3\" fill=\"{color}\"/>");
        svg.Append("</g>\n");
    }

    // Names stand beside the chart in the order of the curves' ends, so that the eye finds them.
    private void Legend(StringBuilder svg, List<List<CurvePoint>> curves)
    {
        int row = 0;
        foreach (var (name, i) in Series.Select((s, i) => (s.Name, i)).Where(s => s.Name.Length > 0).OrderByDescending(s => curves[s.i].Count > 0 ? curves[s.i][^1].Y : double.MaxValue))
        {
            int at = Top + 10 + 19 * row++;
            Add(svg, $"<path d=\"M{Width - Right + 14} {at - 4}h18\" stroke=\"{s_colors[i % s_colors.Length]}\" stroke-width=\"2.5\"/>\n");
            Add(svg, $"<text x=\"{Width - Right + 38}\" y=\"{at}\">{Text(name)}</text>\n");
        }
    }

    private static double Across(Axis x, double value) => Left + x.At(value) * (Width - Left - Right);

    private static double Down(Axis y, double value) => Height - Bottom - Math.Clamp(y.At(value), -10, 10) * (Height - Top - Bottom);

    private static string Text(string text) => System.Net.WebUtility.HtmlEncode(PrintableText.Of(text));

    private static void Add(StringBuilder svg, FormattableString markup) => svg.Append(markup.ToString(CultureInfo.InvariantCulture));
}
