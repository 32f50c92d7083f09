using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Schedules;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter compare</c>: one metric of several runs side by side.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string[]> Runs = new("RUN") { Description = "Folders of runs; NAME=RUN names one in the legend.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Metric = WithDefault(OptionParsing.Choice("--metric", "What is compared.", [.. RunCurve.Metrics]), RunCurve.Metrics[0]);
    private static readonly Option<string> X = WithDefault(OptionParsing.Choice("--over", "What it is drawn over; time is that of the steps alone.", [.. RunCurve.Axes]), RunCurve.Axes[0]);
    private static readonly Option<double?> Highest = OptionParsing.OptionalNumber<double>("--max", "Cut the curves off above this value [default: show all].");
    private static readonly Option<string?> Svg = new("--svg") { Description = "Draw the curves into this file.", HelpName = "FILE" };
    private static readonly Option<string> Title = new("--title") { Description = "The title of the drawing.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: for each run its name, last, best and best_at (where), and the points.");

    public static Command Create()
    {
        var command = new ExampleCommand("compare", "Compare a metric of several runs: last and best values, and curves in one picture.",
            "sinter compare runs/a runs/b", "sinter compare small=runs/a large=runs/b --over time --svg loss.svg") { Runs, Metric, X, Highest, Svg, Title, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string metric = parsed.GetValue(Metric)!, over = parsed.GetValue(X)!;
        var curves = parsed.GetValue(Runs)!.Select(r => Curve(r, metric, over)).ToList();
        if (parsed.GetValue(Svg) is { } file) Draw(parsed, curves, metric, over, file);
        if (parsed.GetValue(Json)) Write(curves, metric);
        else Show(curves, metric, over);
        return ExitCode.Success;
    }

    private static SvgSeries Curve(string run, string metric, string over)
    {
        int equals = Directory.Exists(run) ? -1 : run.IndexOf('=', StringComparison.Ordinal);
        string folder = run[(equals + 1)..], name = equals > 0 ? run[..equals] : Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var points = RunCurve.Read(folder, metric, over);
        if (points.Count == 0) throw new CheckpointException($"{folder}: the run has logged no {metric} yet; --metric names another.");
        return new SvgSeries(name, points, Dots: metric.StartsWith("validation", StringComparison.Ordinal) && points.Count <= 60);
    }

    private static void Draw(ParseResult parsed, List<SvgSeries> curves, string metric, string over, string file)
    {
        string title = parsed.GetValue(Title)!;
        double lowest = curves.SelectMany(c => c.Points).Where(p => double.IsFinite(p.Y)).Select(p => p.Y).DefaultIfEmpty(0).Min();
        var chart = new SvgChart(title.Length > 0 ? title : Words(metric), over == "time" ? "seconds" : over == "step" ? "steps" : over, Words(metric), curves)
        {
            YRange = parsed.GetValue(Highest) is { } highest ? (lowest, highest) : null,
        };
        DrawingFile.Write(file, chart);
    }

    private static void Show(List<SvgSeries> curves, string metric, string over)
    {
        var output = StandardOutput.Open();
        int width = Math.Max(3, curves.Max(c => c.Name.Length));
        output.WriteLine($"{"run".PadRight(width)}  {"last",10}  {"best",10}  at {over}   ({Words(metric)})");
        foreach (var curve in curves)
        {
            var (x, y) = Best(curve, metric);
            output.WriteLine($"{PrintableText.Of(curve.Name).PadRight(width)}  {HumanFormat.Loss(curve.Points[^1].Y),10}  {HumanFormat.Loss(y),10}  {HumanFormat.Number(x)}");
        }
    }

    private static (double X, double Y) Best(SvgSeries curve, string metric)
    {
        var finite = curve.Points.Where(p => double.IsFinite(p.Y)).DefaultIfEmpty((X: double.NaN, Y: double.NaN));
        return MetricSet.IsHigherBetter(metric) ? finite.MaxBy(p => p.Y) : finite.MinBy(p => p.Y);
    }

    private static void Write(List<SvgSeries> curves, string metric) => JsonOutput.Write(json =>
    {
        json.WriteStartArray("runs");
        foreach (var curve in curves)
        {
            json.WriteStartObject();
            json.WriteString("name", curve.Name);
            json.WriteFinite("last", curve.Points[^1].Y);
            var (x, y) = Best(curve, metric);
            json.WriteFinite("best", y);
            json.WriteFinite("best_at", x);
            json.WriteStartArray("points");
            foreach (var point in curve.Points)
            {
                json.WriteStartArray();
                json.WriteNumberValue(point.X);
                if (double.IsFinite(point.Y)) json.WriteNumberValue(point.Y);
                else json.WriteNullValue();
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Words(string metric) => metric.Replace('_', ' ');

    private static Option<string> WithDefault(Option<string> option, string value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }
}
