using Sinter.Cli.Terminal;
using Sinter.Training;
using Spectre.Console;

namespace Sinter.Cli.Tests.Terminal;

public sealed class TerminalPartsTests
{
    private static readonly TerminalFacts Good = new(Redirected: false, NoColor: false, Dumb: false, Ansi: true, Unicode: true, Width: 60);

    [Fact]
    public void Only_a_terminal_that_can_show_it_gets_a_panel()
    {
        Assert.True(Good.CanShowPanel);
        Assert.False((Good with { Redirected = true }).CanShowPanel);
        Assert.False((Good with { NoColor = true }).CanShowPanel);
        Assert.False((Good with { Dumb = true }).CanShowPanel);
        Assert.False((Good with { Ansi = false }).CanShowPanel);
        Assert.False((Good with { Unicode = false }).CanShowPanel);
        Assert.False((Good with { Width = 59 }).CanShowPanel);
    }

    [Fact]
    public void Redirected_output_gets_plain_lines()
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "The tests' output is a terminal.");
        using var display = TrainingTerminal.Create(new DisplayOptions());
        Assert.IsType<PlainLines>(display);
    }

    [Theory]
    [InlineData(100), InlineData(511), InlineData(512), InlineData(5000), InlineData(100_000)]
    public void A_history_stays_bounded_and_keeps_the_mean(int count)
    {
        var history = new LossHistory();
        for (int i = 1; i <= count; i++) history.Add(i, 2 * i);
        Assert.InRange(history.Points.Count, Math.Min(count, 256), 511);
        Assert.All(history.Points, point => Assert.Equal(2 * point.Step, point.Loss, 1e-6));
        Assert.Equal(history.Points.OrderBy(point => point.Step), history.Points);
        Assert.InRange(history.Points[^1].Step, count - count / 128.0, count);
        Assert.Equal(history.Points, history.Copy().Points);
    }

    private static string[] Chart((double, double)[] training, (double, double)[] validation, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(new BrailleChart(training, validation, height));
        return text.ToString().TrimEnd('\n', '\r').Split('\n');
    }

    [Fact]
    public void A_falling_line_goes_from_the_upper_left_to_the_lower_right()
    {
        var lines = Chart([.. Enumerable.Range(0, 101).Select(i => ((double)i, 3.0 - i / 50.0))], [], 27, 5);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith(" 2.94 ┤", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(" 0.96 ┤", lines[4], StringComparison.Ordinal);
        for (int row = 0; row < 5; row++)
        {
            var cells = lines[row][7..];
            var drawn = Enumerable.Range(0, cells.Length).Where(i => cells[i] != ' ').ToList();
            Assert.InRange(drawn.Average(), 4 * row - 1.0, 4 * row + 4.0);
        }
    }

    [Fact]
    public void Charts_of_nothing_one_point_and_huge_values_can_be_drawn()
    {
        Assert.Equal(3, Chart([], [], 30, 3).Length);
        Assert.Contains(Chart([(1, 2)], [], 30, 3), line => line.Any(c => c > 0x2800 && c <= 0x28ff));
        Assert.Equal(3, Chart([(0, 1e300), (50, 1), (100, 2)], [(0, 1e18), (100, 1.5)], 30, 3).Length);
    }

    [Theory]
    [InlineData("ROMEO:", "--prompt \"ROMEO:\"")]
    [InlineData("a\"b$c", "--prompt \"The\"")]
    [InlineData("", "--prompt \"The\"")]
    public void The_next_command_can_be_copied(string prompt, string want)
    {
        var closing = new Closing("sinter", "/data");
        closing.On(new TextSampled(0, prompt, ""));
        Assert.Contains(want, closing.Lines(new RunCompleted(1, "/data/runs/x", 1))[2], StringComparison.Ordinal);
        Assert.Empty(closing.Lines(null));
    }

    [Fact]
    public void Paths_are_relative_below_the_current_folder_only()
    {
        var closing = new Closing("sinter", "/data");
        Assert.Contains("runs/x", closing.Lines(new RunCompleted(1, "/data/runs/x", 1))[0].Split(' '));
        Assert.Contains("/other/x", closing.Lines(new RunCompleted(1, "/other/x", 1))[0].Split(' '));
    }
}
