using Sinter.Monitoring;
using Sinter.Training;
using Spectre.Console;
using Spectre.Console.Rendering;
using Label = Spectre.Console.Text;

namespace Sinter.Cli.Terminal;

/// <summary>Draws a run's state as text with escape sequences.</summary>
/// <param name="colors">The colours that the terminal has.</param>
internal sealed class PanelView(ColorSystem colors)
{
    private const int WidestPanel = 130, WideFrom = 88, TallFrom = 14, FiguresWidth = 45, ChartHeight = 7;

    private static readonly Style Dim = new(decoration: Decoration.Dim), Bold = new(decoration: Decoration.Bold);

    /// <summary>The panel in at most <paramref name="width"/> − 1 columns: a full line would make some terminals wrap.</summary>
    public string Panel(PanelState state, int width, int height)
    {
        int outer = Math.Min(width - 1, WidestPanel);
        var rows = new List<IRenderable> { Head(state, outer - 4), Label.Empty };
        if (state.Run is not null) rows.Add(width >= WideFrom && height >= TallFrom ? Wide(state, width) : Compact(state, width, height));
        rows.Add(Status(state, outer - 4));
        var panel = new Panel(new Rows(rows)) { Border = BoxBorder.Rounded, BorderStyle = Dim, Expand = true, Padding = new Padding(1, 0) };
        panel.Header = new PanelHeader($"[default bold] {Markup.Escape(PrintableText.Of(state.Run?.Name ?? "sinter train"))} [/]");
        return Render(panel, outer);
    }

    /// <summary>A text that the model wrote, under a rule that says when.</summary>
    public string Sample(TextSampled sample, int width)
    {
        var text = new Paragraph();
        text.Append(PrintableText.Of(sample.Prompt), new Style(Color.DodgerBlue1, decoration: Decoration.Bold));
        text.Append(PrintableText.Of(sample.Text).TrimEnd('\n'));
        string when = sample.Step == 0 ? "before training" : $"after {HumanFormat.Count(sample.Step)} steps";
        var rule = new Rule($"[default]sample {when}[/]") { Justification = Justify.Left, Style = Dim };
        string rendered = Render(new Rows(rule, new Padder(text, new Padding(2, 0))), Math.Min(width - 1, WidestPanel));
        // Padding at the ends of lines would become blank lines when the terminal is made narrower.
        return string.Join('\n', rendered.Split('\n').Select(line => line.TrimEnd(' '))) + "\n\n";
    }

    /// <summary>Something the user should know.</summary>
    public string Warning(string message, int width)
    {
        var text = new Paragraph();
        text.Append("warning ", new Style(Color.Yellow, decoration: Decoration.Bold)).Append(PrintableText.Of(message));
        return Render(text, width - 1) + "\n";
    }

    private static Paragraph Head(PanelState state, int width)
    {
        var text = new Paragraph();
        if (state.Run is null) return text.Append(HumanFormat.Duration(state.Elapsed) + " elapsed", Dim);
        long done = state.StepsDone, total = state.Run.TotalSteps;
        double share = total > 0 ? Math.Clamp((double)done / total, 0, 1) : 0;
        string steps = $"step {HumanFormat.Count(done)} / {HumanFormat.Count(total)}", percent = $"{(int)(100 * share),3} %",
            times = Times(state, done >= total);
        int bar = Math.Max(4, width - steps.Length - percent.Length - times.Length - 6), full = (int)(bar * share);
        text.Append(steps, Bold).Append("  ").Append(new string('━', full), BrailleChart.TrainingStyle).Append(new string('─', bar - full), Dim);
        return text.Append($"  {percent}  ").Append(times);
    }

    private static string Times(PanelState state, bool atEnd)
    {
        string elapsed = HumanFormat.Duration(state.Elapsed);
        if (atEnd || state.Working?.What is "complete" or "stopped") return elapsed;
        return state.Remaining is { } left ? $"{elapsed} · {HumanFormat.Estimate(left)} left" : elapsed;
    }

    private static Grid Wide(PanelState state, int width)
    {
        var grid = new Grid { Expand = true };
        grid.AddColumn(new GridColumn { Width = FiguresWidth, NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0) });
        return grid.AddRow(PanelFigures.Grid(state, columns: 1, width),
            new BrailleChart(state.Training.Points, state.Validation.Points, ChartHeight));
    }

    private static Rows Compact(PanelState state, int width, int height)
    {
        var figures = PanelFigures.Grid(state, columns: 2, width);
        int rows = height >= 16 ? 4 : height >= 13 ? 2 : 0;
        return rows == 0 ? new Rows(figures) : new Rows(figures, new BrailleChart(state.Training.Points, state.Validation.Points, rows));
    }

    // One row: what does not fit is left out, the less important first.
    private static Paragraph Status(PanelState state, int width)
    {
        string what = PrintableText.Of(state.Working?.What ?? (state.Run is null ? "starting" : "training")).ReplaceLineEndings(" ");
        if (state.Working?.Done is { } done) what += $" {(int)(100 * Math.Clamp(done, 0, 1))} %";
        var text = new Paragraph().Append("▸ ", BrailleChart.TrainingStyle).Append(what);
        int room = width - 2 - what.Length;
        string model = state.Run is { } run ? $" · {HumanFormat.Short(run.Parameters)} parameters · {run.Precision} {run.InstructionSet}" : "";
        foreach (string more in new[] { state.Note.Length > 0 ? " · " + state.Note : "", model })
        {
            if (more.Length > room) continue;
            text.Append(more, Dim);
            room -= more.Length;
        }
        return text.Overflow(Overflow.Ellipsis);
    }

    private string Render(IRenderable what, int width) => RenderedText.Of(what, colors, width);
}
