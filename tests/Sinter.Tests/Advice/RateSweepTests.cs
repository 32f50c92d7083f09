using Sinter.Advice;

namespace Sinter.Tests.Advice;

public sealed class RateSweepTests
{
    private static double Rate(int step, double from = 1e-6, double to = 10, int steps = 200) => from * Math.Pow(to / from, (step - 1.0) / (steps - 1));

    private static RateSweep Sweep(Func<double, double> loss, int steps = 200)
    {
        var sweep = new RateSweep();
        for (int step = 1; step <= steps && !sweep.HasDiverged; step++) sweep.Add(Rate(step, steps: steps), loss(Rate(step, steps: steps)));
        sweep.Conclude();
        return sweep;
    }

    // Falls from 5 to 2, fastest at 1e-3, and rises without bound from 0.1 on.
    private static double Typical(double rate) => 2 + 3 / (1 + Math.Pow(rate / 1e-3, 1.5)) + Math.Pow(rate / 0.3, 3);

    [Fact]
    public void The_smoothed_loss_is_a_corrected_exponential_average()
    {
        var sweep = new RateSweep();
        double[] losses = [4, 2, 3];
        for (int i = 0; i < 3; i++) sweep.Add(i + 1, losses[i]);
        double[] want = [4, (0.9 * 4 + 2) / 1.9, (0.81 * 4 + 0.9 * 2 + 3) / 2.71];
        for (int i = 0; i < 3; i++) Assert.Equal(want[i], sweep.Smooth[i], 1e-12);
        Assert.Equal([1.0, 2.0, 3.0], sweep.Rates);
        Assert.Equal(losses, sweep.Losses);
    }

    [Fact]
    public void It_finds_the_steepest_fall_the_minimum_and_the_divergence()
    {
        var sweep = Sweep(Typical);
        Assert.True(sweep.HasDiverged);
        Assert.True(sweep.Smooth[^1] > RateSweep.DivergedAt * sweep.Smooth.Min());
        Assert.All(sweep.Smooth.SkipLast(1), s => Assert.True(s <= RateSweep.DivergedAt * sweep.Smooth.Min()));
        // The average lags by the ten steps of its decay, of which 28 are a factor of ten.
        Assert.InRange(sweep.Steepest!.Value, 1e-3, 1e-3 * Math.Pow(10, 12 / 28.0));
        double minimum = Enumerable.Range(1, 200).Select(s => Rate(s)).MinBy(Typical);
        Assert.InRange(sweep.TenthOfMinimum!.Value, minimum / 10, minimum / 10 * Math.Pow(10, 12 / 28.0));
    }

    [Fact]
    public void Noise_moves_the_suggestion_by_little()
    {
        var random = new Random(3);
        double quiet = Sweep(Typical).Suggestion!.Value, noisy = Sweep(r => Typical(r) + 0.2 * (random.NextDouble() - 0.5)).Suggestion!.Value;
        Assert.InRange(noisy / quiet, 1 / 2.5, 2.5);
    }

    [Fact]
    public void A_loss_that_never_falls_suggests_nothing()
    {
        Assert.Null(Sweep(_ => 3).Suggestion);
        Assert.Null(Sweep(r => 3 + r).Suggestion);
        Assert.Null(Sweep(Typical, steps: 2).Suggestion);
    }

    [Fact]
    public void What_is_no_number_has_diverged()
    {
        var sweep = new RateSweep();
        sweep.Add(1, 2);
        sweep.Add(2, double.NaN);
        Assert.True(sweep.HasDiverged);
    }
}
