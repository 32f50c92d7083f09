using Sinter.Options;
using Sinter.Schedules.Warmups;

namespace Sinter.Schedules;

/// <summary>
/// A warm-up that is the whole run: rises from <see cref="StartFactor"/> times the peak to the peak, which would be reached one update after the last.
/// <c>linear</c> is PyTorch's <c>LinearLR(start_factor, total_iters=T)</c>, <c>exponential</c> an <c>ExponentialLR</c> whose gamma is above 1.
/// </summary>
public sealed class IncreasingOptions : ScheduleOptions
{
    /// <summary>The keys of <c>increasing</c> in recipes.</summary>
    public static OptionsSchema<IncreasingOptions> Schema { get; } = OptionsSchema.Create<IncreasingOptions>(
        "A warm-up that is the whole run.", static b =>
    {
        Describe(b);
        b.Choice("shape", "How the rate rises.", o => o.Shape, (o, v) => o.Shape = v, ["linear", "exponential"]);
        b.Number("start_factor", "The first update's share of the peak.", o => o.StartFactor, (o, v) => o.StartFactor = v,
            NumberRange.Share with { IncludesMinimum = false });
    });

    /// <inheritdoc/>
    public override string Name => "increasing";

    /// <summary><c>linear</c> or <c>exponential</c>.</summary>
    public string Shape { get; set; } = "linear";

    /// <summary>The first update's share of the peak; a third, as in PyTorch's <c>LinearLR</c>.</summary>
    public double StartFactor { get; set; } = 1.0 / 3;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup)
    {
        WarmupOptions rise = Shape == "exponential" ? new ExponentialWarmup() : new LinearWarmup();
        rise.StartFactor = StartFactor;
        return rise.Create(peak, steps);
    }
}
