using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Schedules.Warmups;

namespace Sinter.Tests.Schedules;

/// <summary>Any warm-up before any schedule, any schedules in sequence, and what does not go together.</summary>
public sealed class ScheduleCompositionTests
{
    private const double Peak = 0.03;

    public static TheoryData<string> Names => [.. ScheduleRegistry.All.Names];

    private static ISchedule Create(string schedule, long steps) => ReferenceCase.Read(schedule, steps, Peak).Create(Peak, steps);

    private static string Key(string name, string keys) => $"{{ name: {name}{keys} }}";

    [Theory, MemberData(nameof(Names))]
    public void A_name_alone_is_a_schedule_for_any_length(string name)
    {
        foreach (long steps in (long[])[2, 3, 5, 100])
        {
            var schedule = Create(name, steps);
            for (long step = 1; step <= steps + 3; step++) Assert.InRange(schedule.At(step), 0, Peak * (1 + 1e-12));
            Assert.InRange(Enumerable.Range(1, (int)steps).Max(s => schedule.At(s)), Peak / 30, Peak * (1 + 1e-12));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_warm_up_stands_before_any_schedule(string name)
    {
        string timescale = name == "inverse_sqrt" ? ", timescale: 20" : name == "wsd" ? ", decay_steps: 15" : "";
        foreach (var warmup in WarmupRegistry.All.Names)
        {
            var whole = Create(Key(name, $"{timescale}, warmup: {{ name: {warmup}, steps: 20 }}"), 120);
            var rise = Create(Key("constant", $", warmup: {{ name: {warmup}, steps: 20 }}"), 120);
            var body = Create(Key(name, timescale), 100);
            for (long step = 1; step <= 120; step++) Assert.Equal(step <= 20 ? rise.At(step) : body.At(step - 20), whole.At(step));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Warmup_steps_and_shares_are_short_for_a_linear_warm_up(string name)
    {
        var want = Create(Key(name, ", warmup: { name: linear, steps: 12 }"), 113);
        foreach (var keys in (string[])[", warmup_steps: 12", ", warmup: 12", ", warmup: { name: linear, share: 0.1 }"])
        {
            var got = Create(Key(name, keys), 113);
            for (long step = 1; step <= 113; step++) Assert.Equal(want.At(step), got.At(step));
        }
    }

    [Fact]
    public void The_linear_warm_up_gives_update_n_of_w_the_share_n_of_w_plus_1()
    {
        var schedule = Create("{ name: constant, warmup_steps: 4 }", 10);
        Assert.Equal([0.006, 0.012, 0.018, 0.024, 0.03, 0.03], Enumerable.Range(1, 6).Select(s => Math.Round(schedule.At(s), 12)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_schedule_is_part_of_a_sequence(string name)
    {
        if (name == "sequence") return;
        var whole = Create($"{{ name: sequence, schedules: [linear, {{ name: {name}, warmup: 5 }}, constant], milestones: [10, 47], warmup_steps: 3 }}", 90);
        ISchedule first = Create("linear", 10), second = Create(Key(name, ", warmup: 5"), 37);
        for (long step = 4; step <= 90; step++)
            Assert.Equal(step <= 13 ? first.At(step - 3) : step <= 50 ? second.At(step - 13) : Peak, whole.At(step));
    }

    [Theory]
    [InlineData("shares: [0.25, 0.5]", 25, 50)]
    [InlineData("schedules: [linear, linear, linear]", 33, 66)]
    [InlineData("shares: [0.001, 0.002]", 1, 2)]
    public void Parts_are_steps_shares_or_equal(string keys, long second, long third)
    {
        string schedules = keys.Contains("schedules", StringComparison.Ordinal) ? "" : "schedules: [linear, linear, linear], ";
        var schedule = Create($"{{ name: sequence, {schedules}{keys} }}", 100);
        Assert.Equal([1, second + 1, third + 1], Enumerable.Range(1, 100).Where(s => schedule.At(s) == Peak).Select(s => (long)s));
    }

    [Fact]
    public void A_plateau_in_a_sequence_hears_of_its_own_steps_alone()
    {
        var schedule = Assert.IsAssignableFrom<IMetricSchedule>(Create(
            "{ name: sequence, warmup_steps: 5, schedules: [constant, { name: plateau, patience: 2, metric: loss }], milestones: [10] }", 40));
        var metrics = new MetricSet();
        var rates = new List<double>();
        for (long step = 1; step <= 40; step++)
        {
            rates.Add(schedule.At(step));
            metrics.Set("loss", 1);
            schedule.Observe(step, metrics);
        }
        // Of its values the first, after step 16, is the best, and three after it are no better.
        Assert.All(rates[5..19], r => Assert.Equal(Peak, r));
        Assert.Equal(Peak / 10, rates[19], 1e-15);
    }

    [Fact]
    public void A_plateaus_metric_is_one_that_is_logged() => Assert.EndsWith("not 'validation_los'; did you mean validation_loss?",
        Assert.Throws<RecipeException>(() => ReferenceCase.Read("{ name: plateau, metric: validation_los }", 100, Peak)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ name: linear, warmup: 5, warmup_steps: 3 }", "r.yaml:5:37: training.schedule.warmup: set this or warmup_steps, not both")]
    [InlineData("{ name: linear, warmup: linear }", "r.yaml:5:37: training.schedule.warmup.steps: set one of steps and share")]
    [InlineData("{ name: linear, warmup: { name: linear, steps: 3, share: 0.1 } }", "r.yaml:5:60: training.schedule.warmup.steps: set one of steps and share")]
    [InlineData("{ name: linear, warmup: { name: exponential, steps: 3, start_factor: 0 } }",
        "r.yaml:5:82: training.schedule.warmup.start_factor: must be in (0, 1], not 0.0")]
    [InlineData("{ name: linear, warmup: 101 }",
        "r.yaml:5:37: training.schedule.warmup_steps: a warm-up of 101 steps is longer than the run of 100; shorten it, or train longer")]
    [InlineData("{ name: cyclic, min_learning_rate: 0.1 }",
        "r.yaml:5:48: training.schedule.min_learning_rate: 0.1 is more than the optimizer's learning_rate (0.03)")]
    [InlineData("{ name: wsd, decay_steps: 50, warmup_steps: 60 }",
        "r.yaml:5:3: training.schedule: a decay of 50 steps is longer than what the warm-up leaves of the run of 100")]
    [InlineData("{ name: sequence, schedules: [linear, cosine], milestones: [3, 2] }",
        "r.yaml:5:72: training.schedule.milestones: 2 schedules need 1 of these, not 2")]
    [InlineData("{ name: sequence, schedules: [linear, cosine, step], milestones: [3, 3] }",
        "r.yaml:5:78: training.schedule.milestones: each must be more than the one before")]
    [InlineData("{ name: sequence, schedules: [linear, cosine], milestones: 100 }",
        "r.yaml:5:3: training.schedule: the milestone 100 is not within the run of 100 steps")]
    [InlineData("{ name: sequence, schedules: [linear, { name: cosine, min_learning_rate: 0.1 }] }",
        "r.yaml:5:3: training.schedule: schedules.1: min_learning_rate: 0.1 is more than the optimizer's learning_rate (0.03)")]
    [InlineData("{ name: sequence, schedules: [linear, sequence] }", "r.yaml:5:51: training.schedule.schedules.1: expected a schedule (constant, linear, "
        + "polynomial, step, multi_step, exponential, cosine, cosine_restarts, inverse_sqrt, wsd, increasing, cyclic, one_cycle or plateau) "
        + "or a mapping with its name and keys, not 'sequence'")]
    public void What_does_not_go_together_is_said(string schedule, string error) =>
        Assert.Equal(error, Assert.Throws<RecipeException>(() => ReferenceCase.Read(schedule, 100, Peak)).Message);

    [Theory]
    [InlineData("sgd", "{ name: one_cycle, cycle_momentum: true }")]
    [InlineData("rmsprop", "{ name: cyclic, cycle_momentum: true }")]
    [InlineData("nadam", "{ name: sequence, schedules: [linear, { name: one_cycle, cycle_momentum: true }] }")]
    [InlineData("adafactor", "{ name: one_cycle, cycle_momentum: true }")]
    public void A_momentum_to_cycle_is_one_that_the_optimizer_has(string optimizer, string schedule)
    {
        Assert.Equal($"r.yaml:4:3: training.optimizer: {optimizer} has no momentum that the schedule's cycle_momentum could move; choose an optimizer that has one "
            + "(adamw, or sgd and rmsprop with momentum above 0), or leave cycle_momentum out", Assert.Throws<RecipeException>(() => Read(optimizer, schedule)).Message);
        Read(optimizer, schedule.Replace("cycle_momentum: true", "cycle_momentum: false", StringComparison.Ordinal));
        foreach (string other in (string[])["sgd, momentum: 0.9", "rmsprop, momentum: 0.5", "adamw", "lion", "muon"]) Read(other, schedule);

        static void Read(string optimizer, string schedule) => RecipeReader.Parse(
            $"data: {{ text: a.txt }}\ntraining:\n  max_steps: 100\n  optimizer: {{ name: {optimizer} }}\n  schedule: {schedule}\n", "r.yaml");
    }
}
