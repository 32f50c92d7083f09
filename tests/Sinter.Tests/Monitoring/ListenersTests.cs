using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

public sealed class ListenersTests
{
    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public void Report(TrainingProgress value) => All.Add(value);
    }

    [Fact]
    public void Progress_comes_after_each_step_and_evaluation()
    {
        var reports = new Reports();
        var listener = new ProgressListener(reports);
        foreach (var e in Events.Run("/run")) listener.On(e);
        Assert.Equal(25, reports.All.Count);
        Assert.True(double.IsNaN(reports.All[0].Loss));
        Assert.Equal((0L, 20L, Events.Evaluated(0).Loss), (reports.All[0].Step, reports.All[0].TotalSteps, reports.All[0].ValidationLoss));
        var step = reports.All.First(report => report.Step == 7);
        Assert.Equal((Events.Step(7).Loss, Events.Evaluated(5).Loss, 1e-3 / 7, 1L << 20),
            (step.Loss, step.ValidationLoss, step.LearningRate, step.MemoryBytes));
        Assert.Equal((20L, Events.Evaluated(20).Loss), (reports.All[^1].Step, reports.All[^1].ValidationLoss!.Value));
    }

    private sealed class Sink : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? e, Func<TState, Exception?, string> format) =>
            Lines.Add((level, format(state, e)));
    }

    [Fact]
    public void The_logger_gets_lines_of_the_right_level()
    {
        var log = new Sink();
        var listener = new LoggerListener(log, every: 5);
        foreach (var e in Events.Run("/run")) listener.On(e);
        listener.On(new Warned("careful"));
        listener.On(Events.Step(21) with { Loss = double.NaN });
        Assert.Equal(4, log.Lines.Count(line => line.Level == LogLevel.Information && line.Text.Contains("tokens/s", StringComparison.Ordinal)));
        Assert.Equal(17, log.Lines.Count(line => line.Level == LogLevel.Trace));
        Assert.Contains((LogLevel.Warning, "careful"), log.Lines);
        Assert.Contains("Step 21: loss NaN", log.Lines.Single(line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);
        Assert.Equal(5, log.Lines.Count(line => line.Text.Contains("validation loss", StringComparison.Ordinal)));
        Assert.Contains("Complete at step 20", log.Lines.Single(line => line.Text.StartsWith("Complete", StringComparison.Ordinal)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_meter_publishes_under_its_documented_names()
    {
        string run = "meter-" + Guid.NewGuid();
        var sums = new Dictionary<string, double>();
        var units = new Dictionary<string, string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SinterMeter.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        using (var meter = new SinterMeter())
            foreach (var e in Events.Run("/run").Select(e => e is RunStarted started ? started with { Name = run }
                : e is StepCompleted step ? step with { Seconds = 768 / step.TokensPerSecond } : e)) meter.On(e);

        Assert.Equal((20, 20 * 768, 5), (sums["sinter.training.steps"], sums["sinter.training.tokens"], sums["sinter.checkpoints"]));
        Assert.Equal(Enumerable.Range(1, 20).Sum(step => 768 / Events.Step(step).TokensPerSecond), sums["sinter.training.step.duration"], 1e-9);
        Assert.Equal(Enumerable.Range(1, 20).Sum(step => Events.Step(step).Loss), sums["sinter.training.loss"], 1e-9);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => 5 * i).Sum(step => Events.Evaluated(step).Loss), sums["sinter.validation.loss"], 1e-9);
        Assert.Equal(("s", "By", "{token}", "nat"),
            (units["sinter.training.step.duration"], units["sinter.training.memory"], units["sinter.training.tokens"],
            units["sinter.training.loss"]));
        Assert.Equal(12, sums.Count);

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != 1 || !Equals(tags[0].Value, run)) return;
            sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
            units[instrument.Name] = instrument.Unit;
        }
    }

    // Steps of 0.1 s, an evaluation of 3 s every 25 steps, a checkpoint of 1 s every 40; a first step of 2 s.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Time_left_counts_evaluations_and_checkpoints(bool told)
    {
        var clock = new TestClock();
        var left = told ? new TimeLeft(25, 40, clock) : new TimeLeft(time: clock);
        var estimates = new List<(long Step, double At, double Left)>();
        left.On(Events.Started("/run", total: 200));
        Pass(3, Events.Evaluated(0));
        Assert.Null(left.Remaining);
        for (long step = 1; step <= 200; step++)
        {
            Pass(step == 1 ? 2 : 0.1, Events.Step(step));
            if (left.Remaining is { } remaining) estimates.Add((step, left.Elapsed.TotalSeconds, remaining.TotalSeconds));
            if (step % 25 == 0) Pass(3, Events.Evaluated(step));
            if (step % 40 == 0) Pass(1, new CheckpointSaved(step, ""));
        }
        double end = left.Elapsed.TotalSeconds;
        Assert.Equal(TimeSpan.Zero, left.Remaining);
        foreach (var (step, at, estimate) in estimates.Where(e => told ? e.Step > 40 : e.Step > 80))
            Assert.True(Math.Abs(estimate - (end - at)) <= 0.02 * (end - at) + 0.15, $"step {step}: {estimate} s estimated, {end - at} s taken");

        void Pass(double seconds, TrainingEvent e)
        {
            clock.Pass(seconds);
            left.On(e);
        }
    }

    [Fact]
    public void Time_left_counts_down_within_a_pause_and_not_below_zero()
    {
        var clock = new TestClock();
        var left = new TimeLeft(10, null, clock);
        left.On(Events.Started("/run", total: 10));
        clock.Pass(4);
        left.On(Events.Evaluated(0));
        for (long step = 1; step <= 10; step++)
        {
            clock.Pass(0.1);
            left.On(Events.Step(step));
        }
        Assert.Equal(4, left.Remaining!.Value.TotalSeconds, 0.01);
        clock.Pass(1.5);
        Assert.Equal(2.5, left.Remaining.Value.TotalSeconds, 0.01);
        clock.Pass(60);
        Assert.Equal(0, left.Remaining.Value.TotalSeconds);
    }
}
