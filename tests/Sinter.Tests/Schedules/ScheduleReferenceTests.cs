using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Schedules;
using Sinter.Schedules.Warmups;

namespace Sinter.Tests.Schedules;

/// <summary>Every schedule against PyTorch, transformers or the paper, at every update and through a resume.</summary>
public sealed class ScheduleReferenceTests
{
    // The file has 12 digits, and PyTorch multiplies its way from one step to the next: both far below the 1e-7 that would be seen in training.
    private const double Relative = 1e-10, OfPeak = 1e-13;

    [Fact]
    public void Every_schedule_and_every_warm_up_has_a_reference()
    {
        var schedules = ReferenceCase.All.Where(c => c.Source is "torch" or "transformers").Select(c => c.Options).ToList();
        Assert.Empty(ScheduleRegistry.All.Names.Except(schedules.Select(o => o.Name)));
        Assert.Empty(WarmupRegistry.All.Names.Except(schedules.Select(o => o.Warmup?.Name)));
        Assert.All(ReferenceCase.All, c => Assert.Equal(c.Steps, c.Rates.Length));
    }

    [Fact]
    public void Every_update_has_the_references_rate_and_momentum()
    {
        foreach (var c in ReferenceCase.All) Follow(c, c.Options.Create(c.Peak, c.Steps), 0, c.Steps);
    }

    [Fact]
    public void A_resumed_run_goes_on_with_the_same_rates()
    {
        foreach (var c in ReferenceCase.All)
        {
            foreach (long middle in (long[])[1, c.Steps / 3, c.Steps / 2, c.Steps - 1])
            {
                ISchedule whole = c.Options.Create(c.Peak, c.Steps), resumed = c.Options.Create(c.Peak, c.Steps);
                Follow(c, whole, 0, middle);
                if (whole is IMetricSchedule from) Pass(from, (IMetricSchedule)resumed);
                Follow(c, resumed, middle, c.Steps);
            }
        }
    }

    private static void Follow(ReferenceCase c, ISchedule schedule, long from, long to)
    {
        var metrics = new MetricSet();
        for (long step = from + 1; step <= to; step++)
        {
            Near(c.Rates[step - 1], schedule.At(step), c, step);
            if (c.Momenta.Length == 0) Assert.Null(schedule.MomentumAt(step));
            else Near(c.Momenta[step - 1], schedule.MomentumAt(step)!.Value, c, step);
            if (c.Values.Length == 0) continue;
            metrics.Clear();
            metrics.Set("loss", -step);
            ((IMetricSchedule)schedule).Observe(step, metrics);
            metrics.Clear();
            metrics.Set(((PlateauOptions)c.Options).Metric, c.Values[step - 1]);
            ((IMetricSchedule)schedule).Observe(step, metrics);
        }
    }

    private static void Near(double want, double got, ReferenceCase c, long step) =>
        Assert.True(Math.Abs(got - want) <= Relative * Math.Abs(want) + OfPeak * c.Peak, $"{c} at {step}: {got:R}, not {want:R}");

    private static void Pass(IMetricSchedule from, IMetricSchedule to)
    {
        using var folder = new Checkpoints.TempFolder("schedule");
        var state = new StateWriter();
        from.Save(state);
        new TrainerState(3, 0, 0, "", "").Write(folder.Path, state);
        using var read = TrainerState.Read(folder.Path).State;
        to.Load(read);
        read.Finish();
    }
}
