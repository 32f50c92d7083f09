using Sinter.Monitoring;
using Sinter.Training;
using Spectre.Console;
using Spectre.Console.Rendering;
using Label = Spectre.Console.Text;

namespace Sinter.Cli.Terminal;

/// <summary>The figures of a run in one or more columns of names and values.</summary>
internal static class PanelFigures
{
    private const int WideEnoughForBest = 66;

    private static readonly Style Dim = new(decoration: Decoration.Dim), Bad = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>The figures beside each other in <paramref name="columns"/>, for a terminal of <paramref name="width"/>.</summary>
    public static Grid Grid(PanelState state, int columns, int width)
    {
        var grid = new Grid();
        for (int i = 0; i < 2 * columns; i++) grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        var cells = Items(state, columns > 1, withBest: columns == 1 || width >= WideEnoughForBest).SelectMany(item =>
            new IRenderable[] { new Label(item.Name, Dim), item.Value });
        foreach (var row in cells.Chunk(2 * columns)) grid.AddRow(row);
        return grid;
    }

    private static List<(string Name, Paragraph Value)> Items(PanelState state, bool narrow, bool withBest)
    {
        var step = state.Step;
        return
        [
            ("loss", Value(state.Loss, HumanFormat.Loss, BrailleChart.TrainingStyle)),
            ("validation", Validation(state, narrow, withBest)),
            Score(state) ?? ("accuracy", Value(step?.Accuracy, HumanFormat.Percent, Style.Plain)),
            ("tokens/s", Value(step?.TokensPerSecond, HumanFormat.Short, Style.Plain)),
            ("gradient norm", Value(step?.GradientNorm, HumanFormat.Number, Style.Plain).Append(Clipped(step), Dim)),
            ("learning rate", Value(step?.LearningRate, HumanFormat.Number, Style.Plain)),
            ("memory", Value(step?.MemoryBytes, bytes => HumanFormat.Bytes((long)bytes), Style.Plain)),
        ];
    }

    /// <summary>What the task is judged by, where that is not the accuracy alone.</summary>
    private static (string, Paragraph)? Score(PanelState state) =>
        state.Evaluation?.Metrics.FirstOrDefault(m => m.Key is "validation_f1" or "validation_r2") is { Key: { } name, Value: var value }
            ? (name == "validation_f1" ? "F1" : "R²", Value(value, HumanFormat.Loss, BrailleChart.ValidationStyle)) : null;

    /// <summary>What clipping left of a step's gradient norm, where it took something.</summary>
    public static string Clipped(StepCompleted? step) =>
        step is { ClipFactor: < 0.9995 and var factor } ? $" → {HumanFormat.Number(factor * step.GradientNorm)}" : "";

    private static Paragraph Value(double? value, Func<double, string> format, Style style) =>
        value is { } figure ? new Paragraph(format(figure), double.IsFinite(figure) ? style : Bad) : new Paragraph("–", Dim);

    private static Paragraph Validation(PanelState state, bool narrow, bool withBest)
    {
        var text = Value(state.Evaluation?.Loss, HumanFormat.Loss, BrailleChart.ValidationStyle);
        if (withBest && state.Best is { } best && state.Evaluation is { } newest && best.Step != newest.Step)
            text.Append(narrow ? $" best {HumanFormat.Loss(best.Loss)}" : $"  best {HumanFormat.Loss(best.Loss)} at {HumanFormat.Count(best.Step)}",
                Dim);
        return text;
    }
}
