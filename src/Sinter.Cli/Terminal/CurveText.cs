using Sinter.Monitoring;
using Spectre.Console;

namespace Sinter.Cli.Terminal;

/// <summary>A curve of its own below other output, with what its axis spans under it.</summary>
internal static class CurveText
{
    private const int Widest = 110, Height = 12, LabelWidth = 10;

    /// <summary>Writes one curve, or a second over it, from the first point's x to the last's.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="below">The curve drawn first.</param>
    /// <param name="above">The curve drawn over it; may be empty.</param>
    /// <param name="values">The lowest and highest value shown.</param>
    /// <param name="from">What stands under the axis at its left end.</param>
    /// <param name="to">What stands at its right end.</param>
    public static void Write(TextWriter output, IReadOnlyList<(double X, double Y)> below, IReadOnlyList<(double X, double Y)> above, (double Low, double High) values,
        string from, string to)
    {
        int width = Math.Min(Width() - 1, Widest);
        var chart = new BrailleChart(below, above, Height) { First = below[0].X, Values = values, Label = HumanFormat.Number, LabelWidth = LabelWidth };
        bool hasColor = Shell.Messages.HasColor(Console.IsOutputRedirected) && AnsiConsole.Profile.Capabilities.Ansi;
        output.WriteLine(hasColor ? RenderedText.Of(chart, AnsiConsole.Profile.Capabilities.ColorSystem, width) : RenderedText.Plain(chart, width));
        int room = width - LabelWidth;
        output.WriteLine(new string(' ', LabelWidth) + from + to.PadLeft(Math.Max(to.Length + 1, room - from.Length)));
    }

    private static int Width()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? 80 : Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
