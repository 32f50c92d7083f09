using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sinter.Cli.Terminal;

/// <summary>Two curves, of losses if nothing else is said, as a picture of braille characters, whose 2 × 4 dots are the smallest thing a terminal can draw.</summary>
/// <param name="training">Drawn first.</param>
/// <param name="validation">Drawn over it.</param>
/// <param name="height">Rows.</param>
internal sealed class BrailleChart(IReadOnlyList<(double Step, double Loss)> training, IReadOnlyList<(double Step, double Loss)> validation,
    int height) : Renderable
{
    /// <summary>The colour of training figures.</summary>
    public static Style TrainingStyle { get; } = new(Color.DodgerBlue1);

    /// <summary>The colour of validation figures.</summary>
    public static Style ValidationStyle { get; } = new(Color.DarkOrange);


    private static readonly Style LabelStyle = new(decoration: Decoration.Dim);

    // The bits of the dots of a cell, by column and row, from U+2800 on.
    private static readonly byte[,] Bits = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>The columns left of the curves, two more than a label may have.</summary>
    public int LabelWidth { get; init; } = 7;

    /// <summary>Where the horizontal axis begins.</summary>
    public double First { get; init; }

    /// <summary>The lowest and highest value shown; null fits them to the curves, but for the steep beginning of a loss.</summary>
    public (double Low, double High)? Values { get; init; }

    /// <summary>The text of a value on the vertical axis.</summary>
    public Func<double, string> Label { get; init; } = value => value.ToString(value < 100 ? "F2" : "F0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = Math.Max(1, maxWidth - LabelWidth);
        var (low, high, last) = Range();
        var dots = new byte[height, width];
        var marks = new bool[height, width];
        Plot(training, dots, null, low, high, last);
        Plot(validation, dots, marks, low, high, last);
        for (int row = 0; row < height; row++)
        {
            string label = row == 0 ? Label(high) : row == height - 1 ? Label(low) : "";
            yield return new Segment(label.PadLeft(LabelWidth - 2) + (label.Length > 0 ? " ┤" : " │"), LabelStyle);
            foreach (var segment in Row(dots, marks, row, width)) yield return segment;
            yield return Segment.LineBreak;
        }
    }

    // Cells of one colour go together, since each segment costs an escape sequence.
    private static IEnumerable<Segment> Row(byte[,] dots, bool[,] marks, int row, int width)
    {
        for (int from = 0, to; from < width; from = to)
        {
            to = from;
            while (to < width && marks[row, to] == marks[row, from]) to++;
            string cells = string.Create(to - from, (dots, row, from), static (text, s) =>
            {
                for (int i = 0; i < text.Length; i++) text[i] = s.dots[s.row, s.from + i] is 0 ? ' ' : (char)(0x2800 + s.dots[s.row, s.from + i]);
            });
            yield return new Segment(cells, marks[row, from] ? ValidationStyle : TrainingStyle);
        }
    }

    // The first twentieth of a run falls so steeply that the rest would be a flat line; it leaves through the top.
    private (double Low, double High, double Last) Range()
    {
        double last = Math.Max(training.Count > 0 ? training[^1].Step : 1, validation.Count > 0 ? validation[^1].Step : 1);
        if (Values is { } values) return (values.Low, values.High, last);
        double low = double.MaxValue, high = double.MinValue;
        foreach (var (step, loss) in training.Concat(validation))
        {
            if (step < last / 20) continue;
            low = Math.Min(low, loss);
            high = Math.Max(high, loss);
        }
        if (low > high) return (0, 1, last);
        double room = Math.Max(0.02 * (high - low), 0.005);
        return (low - room, high + room, last);
    }

    // Points that fall on the same column of dots are drawn as their mean.
    private void Plot(IReadOnlyList<(double Step, double Loss)> points, byte[,] dots, bool[,]? mark, double low, double high, double last)
    {
        int width = 2 * dots.GetLength(1), tall = 4 * height;
        (int X, int Y)? previous = null;
        for (int i = 0; i < points.Count;)
        {
            int x = Column(points[i].Step), count = 0;
            double sum = 0;
            for (; i < points.Count && Column(points[i].Step) == x; i++, count++) sum += points[i].Loss;
            int y = (int)Math.Round(Math.Clamp((high - sum / count) / (high - low), -100, 100) * (tall - 1));
            var from = previous ?? (x, y);
            Line(from.X, from.Y, x, y, dots, mark);
            previous = (x, y);
        }

        int Column(double step) => Math.Clamp((int)Math.Round((step - First) / (last - First) * (width - 1)), 0, width - 1);
    }

    private static void Line(int x0, int y0, int x1, int y1, byte[,] dots, bool[,]? mark)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
        for (int i = 0; i <= steps; i++)
        {
            int x = x0 + (int)Math.Round((double)(x1 - x0) * i / steps), y = y0 + (int)Math.Round((double)(y1 - y0) * i / steps);
            if (y < 0 || y >= 4 * dots.GetLength(0)) continue;
            dots[y / 4, x / 2] |= Bits[x % 2, y % 4];
            if (mark is not null) mark[y / 4, x / 2] = true;
        }
    }
}
