using Sinter.Cli.Terminal;
using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Cli.Tests.Terminal;

public sealed class PlainLinesTests
{
    private static string[] Lines(IEnumerable<TrainingEvent> events, int? width, double stepSeconds = 0.1)
    {
        var clock = new TestClock();
        using var text = new StringWriter { NewLine = "\n" };
        using (var lines = new PlainLines(text, new Closing("sinter", "/runs"), new TimeLeft(100, 200, clock), width, clock))
        {
            foreach (var e in events)
            {
                clock.Pass(e is StepCompleted ? stepSeconds : 0);
                lines.On(e);
            }
        }
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    [Fact]
    public void A_whole_run()
    {
        var lines = Lines(Feed.Complete(), width: null);
        Assert.Equal("training the tokenizer 50 %", lines[0]);
        Assert.Equal("a [run]: gpt2, 803 k parameters, 400 steps, bf16 on avx512-bf16, 2 threads", lines[1]);
        Assert.Equal("step 0/400  validation 4.1800", lines[2]);
        Assert.Equal(["--- sample before training", "ROMEO:", "qq␛[2Jzz", "---"], lines[3..7]);
        Assert.Equal("step 50/400  loss 2.5936  validation 4.1800  18.0 k tokens/s  lr 9.52e-4  norm 0.412  memory 312 MiB  35s left", lines[7]);
        Assert.Equal("step 400/400  loss 1.5002  validation 1.8000  18.0 k tokens/s  lr 9.52e-4  norm 0.412  memory 312 MiB", lines[^12]);
        Assert.Equal(["saved a checkpoint at step 400", "--- sample after 400 steps", "ROMEO:", "what light", "---", "complete after 1m 33s",
            "The run is in a-run", "Next:"],
            lines[^11..^3]);
        Assert.Equal(["  sinter generate a-run --prompt \"ROMEO:\"", "  sinter evaluate a-run --data FILE", "  open a-run/report.html in a browser"],
            lines[^3..]);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(30)]
    [InlineData(59)]
    public void Narrow_terminals_get_lines_that_fit_and_lose_nothing(int width)
    {
        var lines = Lines(Feed.Run(50), width);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        string all = string.Join(' ', lines.Select(line => line.Trim()));
        foreach (string part in new[] { "step 50/400", "loss 2.5936", "validation 4.1800", "18.0 k tokens/s", "lr 9.52e-4", "memory 312 MiB",
            "35s left" })
            Assert.Contains(part, all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_figures_every_five_seconds_and_at_evaluations()
    {
        int Steps(double seconds) => Lines(Feed.Run(), null, seconds).Count(line => line.StartsWith("step", StringComparison.Ordinal));
        Assert.Equal(5, Steps(0));
        Assert.Equal(13, Steps(0.1));
        Assert.InRange(Steps(5), 400, 406);
    }

    [Fact]
    public void Nothing_commands_the_terminal()
    {
        var events = Feed.Run(3).Append(new Warned("\u001b[31mred")).Append(new Working("\u0007bell", null)).Append(new RunStopped(3, "/runs/a run"));
        string all = string.Join('\n', Lines(events, 80));
        Assert.DoesNotContain('\u001b', all);
        Assert.DoesNotContain('\u0007', all);
        Assert.Contains("Stopped and saved at step 3", all, StringComparison.Ordinal);
        Assert.Contains("  sinter train --run \"a run\" --resume", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_finite_losses_are_shown_and_do_not_stay()
    {
        var events = Feed.Run(100).Concat([Feed.Step(101) with { Loss = double.NaN }, Feed.Evaluated(101), Feed.Step(102), Feed.Evaluated(102)]);
        var lines = Lines(events, null, 0);
        Assert.Contains("loss NaN", lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", lines[^1], StringComparison.Ordinal);
    }
}
