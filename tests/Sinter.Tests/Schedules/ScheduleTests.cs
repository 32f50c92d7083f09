using Sinter.Schedules;

namespace Sinter.Tests.Schedules;

public sealed class ScheduleTests
{
    private const double Tolerance = 1e-12;

    private static ISchedule Make(string kind, long steps, long warmup, double peak, double floor)
    {
        ScheduleOptions options = kind switch
        {
            "constant" => new ConstantOptions(),
            "linear" => new LinearOptions { MinLearningRate = floor },
            _ => new CosineOptions { MinLearningRate = floor },
        };
        options.WarmupSteps = warmup;
        return options.Create(peak, steps);
    }

    [Theory]
    [InlineData("constant", 0.8)]
    [InlineData("linear", 0.4)]
    [InlineData("cosine", 0.35)]
    public void Rates_by_hand(string kind, double twoThirds)
    {
        // T = 31, w = 1, from 0.8 to 0.2: update 22 has done (21 - 1)/30 = 2/3 of the fall, where ½(1 + cos(2π/3)) = 1/4.
        var schedule = Make(kind, 31, 1, 0.8, 0.2);
        Assert.Equal(0.4, schedule.At(1), Tolerance);
        Assert.Equal(0.8, schedule.At(2), Tolerance);
        Assert.Equal(twoThirds, schedule.At(22), Tolerance);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("linear")]
    [InlineData("cosine")]
    public void The_rate_rises_then_never_rises_again_and_stays_between_floor_and_peak(string kind)
    {
        foreach (var (steps, warmup) in new (long, long)[] { (1, 0), (1, 1), (2, 1), (7, 7), (50, 0), (50, 13), (50, 50) })
        {
            var schedule = Make(kind, steps, warmup, 1, 0.25);
            for (long step = 1; step <= steps + 10; step++)
            {
                double rate = schedule.At(step);
                Assert.InRange(rate, step <= warmup ? 0 : 0.25, 1);
                if (step <= warmup) Assert.Equal(step / (warmup + 1.0), rate, Tolerance);
                else if (step > warmup + 1) Assert.True(rate <= schedule.At(step - 1) + Tolerance);
            }
            if (warmup < steps) Assert.Equal(1, schedule.At(warmup + 1), Tolerance);
            Assert.Equal(kind == "constant" ? 1 : 0.25, schedule.At(steps + 1 + (steps == warmup ? 1 : 0)), Tolerance);
        }
    }
}
