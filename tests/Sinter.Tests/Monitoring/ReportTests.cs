using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

public sealed partial class ReportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Page(IEnumerable<TrainingEvent> events, long? resumed = null)
    {
        using (var files = RunFiles.Open(_folder.Root, resumed))
            foreach (var e in events) files.On(e);
        return File.ReadAllText(_folder.At(ReportWriter.FileName));
    }

    [GeneratedRegex("""<svg[^>]*aria-label="([^"]*)".*?</svg>""", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [Fact]
    public void The_page_has_curves_samples_recipe_machine_and_phases()
    {
        string page = Page(Events.Run(_folder.Root));
        Assert.Equal(["Loss by step", "Accuracy by step", "Gradient norm by step", "Learning rate by step", "Speed by step"],
            Svg().Matches(page).Select(m => m.Groups[1].Value));
        Assert.All(Svg().Matches(page), svg => Assert.Contains("path class=\"line", XElement.Parse(svg.Value).ToString(), StringComparison.Ordinal));
        Assert.Contains(">1.0729<", page, StringComparison.Ordinal);
        Assert.Contains("Before training", page, StringComparison.Ordinal);
        Assert.Contains("<b>Once</b> zzq", page, StringComparison.Ordinal);
        Assert.Contains("<b>Once</b> upon a time", page, StringComparison.Ordinal);
        Assert.Contains("<pre class=\"recipe\">name: run</pre>", page, StringComparison.Ordinal);
        Assert.Contains(MachineInfo.Current.Runtime, page, StringComparison.Ordinal);
        Assert.Contains("forward and backward</td><td>8.0s</td><td>80.0 %", page, StringComparison.Ordinal);
        Assert.Contains("other</td><td>0.5s</td><td>5.0 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        string page = Page(Events.Run(_folder.Root));
        Assert.DoesNotMatch(@"https?://|//[a-z]|@import|url\(", Regex.Replace(page, @"// Shows the values[^\n]*", ""));
        Assert.All(Regex.Matches(page, "(?:src|href)=\"([^\"]*)\""), link => Assert.Equal("data:,", link.Groups[1].Value));
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_escaped_wherever_it_comes_from()
    {
        const string hostile = "</pre></script><img src=x onerror=alert(1)>&\u0000\u001b";
        var events = Events.Run(_folder.Root).Select(e => e switch
        {
            RunStarted run => run with { Name = hostile, RecipeYaml = hostile, InstructionSet = hostile },
            TextSampled sample => sample with { Prompt = hostile, Text = hostile },
            PhaseTime phase => phase with { Phase = hostile },
            _ => e,
        });
        string page = Page(events);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', page);
        Assert.Contains("&lt;/pre&gt;&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;␀␛", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_shows_all_of_it()
    {
        using (var files = RunFiles.Open(_folder.Root, null))
            foreach (var e in Events.Run(_folder.Root).TakeWhile(e => e is not StepCompleted { Step: 13 })) files.On(e);
        string page = Page(Events.Run(_folder.Root, 12), resumed: 12);
        Assert.Contains("in 2 sessions", page, StringComparison.Ordinal);
        Assert.Contains("Before training", page, StringComparison.Ordinal);
        Assert.Contains("\"x\":[" + string.Join(',', Enumerable.Range(1, 20)) + "]", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_figures_and_one_with_nan_still_have_a_page()
    {
        string page = Page([Events.Started(_folder.Root), new RunCompleted(20, _folder.Root, 1)]);
        Assert.Equal(4, Svg().Count(page));   // without a figure there is no accuracy to draw
        page = Page([Events.Started(_folder.Root), Events.Evaluated(0) with { Loss = double.NaN }, Events.Step(1),
            Events.Step(2) with { Loss = double.NaN },
            Events.Step(3) with { Loss = double.PositiveInfinity, GradientNorm = double.NaN }, new RunCompleted(3, _folder.Root, 1)]);
        Assert.Contains("not finite (3 steps)", page, StringComparison.Ordinal);
        Assert.Contains("not finite (1 step)", page, StringComparison.Ordinal);
        Assert.All(Svg().Matches(page), svg => Assert.DoesNotContain("NaN", svg.Value, StringComparison.Ordinal));
        Assert.All(Regex.Matches(page, "<script type=\"application/json\">(.*?)</script>"), json =>
            System.Text.Json.JsonDocument.Parse(json.Groups[1].Value));
    }

    [Fact]
    public void Many_steps_are_thinned_and_extremes_stay()
    {
        var noise = new Random(3);
        var points = Enumerable.Range(1, 100_000).Select(i => new CurvePoint(i, noise.NextDouble())).ToList();
        points[54_321] = new CurvePoint(54_322, 9);
        points[77_777] = new CurvePoint(77_778, -9);
        points[99] = new CurvePoint(100, double.NaN);
        var thin = Curve.Thin(points, 2000);
        Assert.InRange(thin.Count, 1900, 2000);
        Assert.Contains(new CurvePoint(54_322, 9), thin);
        Assert.Contains(new CurvePoint(77_778, -9), thin);
        Assert.Equal((points[0], points[^1]), (thin[0], thin[^1]));
        Assert.Equal(thin.OrderBy(point => point.X), thin);
        Assert.Equal(points.Take(50), Curve.Thin([.. points.Take(50)], 2000));
    }

    [Fact]
    public void Smoothing_keeps_lines_and_takes_noise_away()
    {
        var line = Enumerable.Range(0, 400).Select(i => new CurvePoint(i, 3 - 0.01 * i)).ToList();
        Assert.All(Curve.Smooth(line, 40).Take(380).Zip(line), pair => Assert.Equal(pair.Second.Y, pair.First.Y, 1e-9));
        var noisy = Enumerable.Range(0, 400).Select(i => new CurvePoint(i, i % 2)).ToList();
        Assert.All(Curve.Smooth(noisy, 40).Skip(80), point => Assert.InRange(point.Y, 0.45, 0.55));
    }

    [Theory]
    [InlineData(0.0, 1.0), InlineData(1.4, 4.9), InlineData(3.0, 3.0), InlineData(0.0, 0.0), InlineData(-2.0, 5.0), InlineData(1e-5, 1e-3),
    InlineData(17_000.0, 18_000.0)]
    [InlineData(1e-9, 1e-9), InlineData(4e8, 5e9)]
    public void Axes_have_a_few_round_ticks_inside(double low, double high)
    {
        var axis = Axis.For([low, low, high], 5);
        Assert.InRange(axis.Ticks.Length, 2, 10);
        Assert.Equal(axis.Ticks.Order().Distinct(), axis.Ticks);
        Assert.All(axis.Ticks, tick => Assert.InRange(axis.At(tick), -1e-9, 1 + 1e-9));
        Assert.InRange(axis.At(low), 0, 1);
        Assert.InRange(axis.At(high), 0, 1);
        Assert.Equal(axis.Ticks.Length, axis.Ticks.Select(Axis.Label).Distinct().Count());
    }

    [Fact]
    public void Values_of_very_different_size_get_a_logarithmic_axis()
    {
        var axis = Axis.For([0.5, 0.6, 0.55, 300], 5);
        Assert.True(axis.IsLogarithmic);
        Assert.Equal([1, 10, 100], axis.Ticks);
        Assert.Equal(axis.At(10) - axis.At(1), axis.At(100) - axis.At(10), 1e-12);
    }

    [Fact]
    public void Step_axes_have_whole_ticks()
    {
        Assert.Equal([0, 1, 2, 3], Axis.Steps(0, 3).Ticks);
        Assert.Equal(["0", "250", "500", "750", "1,000", "1,250", "1,500", "1,750", "2,000"], Axis.Steps(0, 2000).Ticks.Select(Axis.Label));
        Assert.Equal("10k", Axis.Label(Axis.Steps(0, 100_000).Ticks[1]));
    }

    [Fact]
    public void The_page_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            string page = Page(Events.Run(_folder.Root));
            Assert.Contains(">1.0729<", page, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"[ML]\d+,\d", string.Concat(Svg().Matches(page).Select(svg => svg.Value)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
