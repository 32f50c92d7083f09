using System.Text.RegularExpressions;
using Sinter.Cli.Terminal;
using Sinter.Monitoring;
using Sinter.Training;
using Spectre.Console;

namespace Sinter.Cli.Tests.Terminal;

public sealed class TrainingPanelTests
{
    private static string[] Draw(int width, int height, IEnumerable<TrainingEvent> events, ColorSystem colors = ColorSystem.TrueColor)
    {
        var state = new PanelState { Elapsed = TimeSpan.FromSeconds(62), Remaining = TimeSpan.FromSeconds(38) };
        foreach (var e in events) state.On(e);
        return Regex.Replace(new PanelView(colors).Panel(state.Snapshot(), width, height), "\u001b\\[[0-9;]*m", "").Split('\n');
    }

    [Theory]
    [InlineData(60, 24), InlineData(66, 24), InlineData(80, 24), InlineData(87, 40), InlineData(88, 40), InlineData(120, 40), InlineData(200, 60),
    InlineData(80, 12)]
    public void The_panel_fits_and_shows_what_counts(int width, int height)
    {
        var lines = Draw(width, height, Feed.Run(399));
        Assert.All(lines, line => Assert.Equal(Math.Min(width - 1, 130), line.Length));
        Assert.InRange(lines.Length, 7, height - 1);
        string all = string.Join('\n', lines);
        foreach (string part in new[] { " a [run] ", "step 399 / 400", "99 %", "1m 02s · 40s left", "1.5002", "1.7000", "18.0 k", "9.52e-4", "0.412",
            "312 MiB", "45.0 %", "▸ training" })
            Assert.Contains(part, all, StringComparison.Ordinal);
        Assert.DoesNotContain('…', all);
    }

    [Fact]
    public void The_best_validation_loss_is_shown_when_it_is_not_the_newest()
    {
        Assert.DoesNotContain("best", string.Join('\n', Draw(100, 30, Feed.Run(399))), StringComparison.Ordinal);
        Assert.Contains("1.8000  best 1.7000 at 300", string.Join('\n', Draw(100, 30, Feed.Run())), StringComparison.Ordinal);
        Assert.Contains("1.8000 best 1.7000", string.Join('\n', Draw(66, 30, Feed.Run())), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_run_does_is_shown_before_it_starts_and_between_steps()
    {
        Assert.Contains("▸ training the tokenizer 50 %", string.Join('\n', Draw(80, 24, Feed.Run().Take(1))), StringComparison.Ordinal);
        Assert.Contains("▸ evaluating 40 %", string.Join('\n', Draw(80, 24, Feed.Run(20).Append(new Working("evaluating", 0.4)))),
            StringComparison.Ordinal);
        Assert.Contains("▸ saving a checkpoint", string.Join('\n', Draw(80, 24, Feed.Run(20).Append(new CheckpointStarted(20)))),
            StringComparison.Ordinal);
        Assert.Contains("NaN", string.Join('\n', Draw(80, 24, Feed.Run(20).Append(Feed.Step(21) with { Loss = double.NaN }))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_those_of_the_terminal()
    {
        var state = new PanelState();
        foreach (var e in Feed.Run(50)) state.On(e);
        Assert.Contains("\u001b[38;5;33m", new PanelView(ColorSystem.EightBit).Panel(state, 100, 30), StringComparison.Ordinal);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*(38|3[0-7]|9[0-7])", new PanelView(ColorSystem.NoColors).Panel(state, 100, 30));
    }

    private static Screen Show(Screen screen, IEnumerable<TrainingEvent> events, out string written)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var region = new LiveRegion(text, () => (screen.Width, screen.Height));
        using (var panel = new TrainingPanel(region, new PanelView(ColorSystem.EightBit), new Closing("dotnet run --", "/runs"),
            new TimeLeft(100, 200)))
            foreach (var e in events) panel.On(e);
        written = text.ToString();
        screen.Feed(written);
        return screen;
    }

    [Fact]
    public void At_the_end_samples_stand_above_and_the_next_commands_below()
    {
        var lines = Show(new Screen(100, 40), Feed.Complete(), out string written).Lines;
        Assert.StartsWith("── sample before training ──", lines[0], StringComparison.Ordinal);
        Assert.Equal(["  ROMEO:", "  qq␛[2Jzz", ""], lines[1..4]);
        Assert.Contains("  what light", lines);
        Assert.Single(lines, line => line.StartsWith('╭'));
        Assert.Single(lines, line => line.StartsWith('╰'));
        Assert.Contains(lines, line => line.Contains("step 400 / 400", StringComparison.Ordinal));
        Assert.Equal(["The run is in a-run", "Next:", "  dotnet run -- generate a-run --prompt \"ROMEO:\"",
            "  dotnet run -- evaluate a-run --data FILE",
            "  open a-run/report.html in a browser"], lines[^5..]);
        Assert.DoesNotContain("\u001b[?25l", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_throws_leaves_its_last_state_and_no_commands()
    {
        var lines = Show(new Screen(100, 40), Feed.Run(123).Append(new Warned("the disk is nearly full")), out _).Lines;
        Assert.Contains("warning the disk is nearly full", lines);
        Assert.Contains(lines, line => line.Contains("step 123 / 400", StringComparison.Ordinal));
        Assert.StartsWith("╰", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_is_drawn_over_itself_and_keeps_what_is_above()
    {
        var screen = new Screen(20, 6);
        using var text = new StringWriter();
        var region = new LiveRegion(text, () => (screen.Width, screen.Height));
        region.Draw("one\ntwo\nthree");
        region.Draw("1\n2", "kept\n\nkept too\n");
        region.Draw("a\nb\nc\nd\ne\nf\ng\nh");
        region.Draw("last", "also kept\n");
        region.Finish(["below"]);
        screen.Feed(text.ToString());
        Assert.Equal(["kept", "", "kept too", "also kept", "last", "below"], screen.Lines);
    }

    [Fact]
    public void A_terminal_made_narrower_is_cleared_of_the_wrapped_lines()
    {
        using var text = new StringWriter();
        int width = 41;
        var region = new LiveRegion(text, () => (width, 30));
        region.Draw(string.Join('\n', Enumerable.Repeat(new string('x', 40), 3)));
        width = 20;
        region.Draw("new");
        Assert.Contains("\u001b[6A", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_step_does_not_wait_for_a_terminal_that_hangs()
    {
        using var slow = new SlowWriter();
        var panel = new TrainingPanel(new LiveRegion(slow, () => (100, 30)), new PanelView(ColorSystem.EightBit), new Closing("sinter", "/"),
            new TimeLeft());
        slow.Entered.Wait(TestContext.Current.CancellationToken);
        foreach (var e in Feed.Run()) panel.On(e);
        slow.Release.Set();
        panel.Dispose();
        Assert.True(slow.Writes >= 2);
    }

    private sealed class SlowWriter : StringWriter
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public int Writes { get; private set; }

        public override void Write(System.Text.StringBuilder? value)
        {
            Entered.Set();
            Release.Wait();
            Writes++;
        }

        protected override void Dispose(bool disposing)
        {
            Entered.Dispose();
            Release.Dispose();
            base.Dispose(disposing);
        }
    }
}
