using Sinter.Monitoring;

namespace Sinter.Tests.Monitoring;

/// <summary>The time left where steps differ in size.</summary>
public sealed class TimeLeftTests
{
    // 20 steps that grow as a ramp does, each taking a second per 1000 tokens: 210,000 tokens in 210 seconds.
    [Theory]
    [InlineData(5), InlineData(10), InlineData(19)]
    public void Growing_steps_are_counted_by_their_tokens(int done)
    {
        var clock = new TestClock();
        var left = new TimeLeft(1000, 1000, clock);
        left.On(Events.Started("run") with { TotalTokens = 210_000 });
        for (int step = 1; step <= done; step++)
        {
            clock.Pass(step);
            left.On(Events.Step(step) with { Tokens = 500L * step * (step + 1) });
        }
        Assert.Equal(210 - 0.5 * done * (done + 1), left.Remaining!.Value.TotalSeconds, 1e-6);
    }
}
