using System.Globalization;
using Sinter.Schedules;
using Sinter.Tests.Recipes;

namespace Sinter.Tests.Schedules;

public sealed class ScheduleTests
{
    // The same formula in double: what differs is the order of a few roundings (PyTorch multiplies its way from step to step).
    private const double Tolerance = 1e-12;

    private sealed record Case(string Source, string Kind, long Steps, long Warmup, double Peak, double Floor, double[] Rates);

    private static IEnumerable<Case> Reference() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Sinter.Tests", "Schedules", "schedules.tsv"))
        let f = line.Split('\t')
        select new Case(f[0], f[1], Long(f[2]), Long(f[3]), Double(f[4]), Double(f[5]), [.. f[6].Split(' ').Select(Double)]);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

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
    [InlineData("torch", 15)]
    [InlineData("nanogpt", 6)]
    [InlineData("transformers", 12)]
    public void Rates_equal_the_reference(string source, int cases)
    {
        var reference = Reference().Where(c => c.Source == source).ToList();
        Assert.Equal(cases, reference.Count);
        foreach (var c in reference)
        {
            var schedule = Make(c.Kind, c.Steps, c.Warmup, c.Peak, c.Floor);
            Assert.Equal(c.Steps, c.Rates.Length);
            // The warm-up of transformers begins at 0; after it the definitions are the same.
            for (long step = source == "transformers" ? c.Warmup + 1 : 1; step <= c.Steps; step++)
                Assert.True(Math.Abs(schedule.At(step) - c.Rates[step - 1]) <= Tolerance,
                    $"{c} at {step}: {schedule.At(step):R}, not {c.Rates[step - 1]:R}");
        }
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
