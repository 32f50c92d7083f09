using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>How the learning rate rises to its peak before the schedule itself; each shape derives its own.</summary>
public abstract class WarmupOptions : INamedOptions
{
    /// <summary>The shape's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Steps of the rise; null takes <see cref="Share"/>.</summary>
    public long? Steps { get; set; }

    /// <summary>The rise as a share of the run, rounded up to whole steps, as transformers' <c>warmup_ratio</c>.</summary>
    public double? Share { get; set; }

    /// <summary>
    /// The first update's learning rate as a share of the peak; null is that of a straight line from 0, 1 ÷ (steps + 1). transformers' warm-ups begin
    /// at 0, so that their first update changes nothing.
    /// </summary>
    public double? StartFactor { get; set; }

    /// <summary>Steps of the rise in a run of <paramref name="totalSteps"/>.</summary>
    public long Length(long totalSteps) => Steps ?? (long)Math.Ceiling((Share ?? 0) * totalSteps);

    /// <summary>The rise to <paramref name="peak"/>, which is reached by the update after <paramref name="steps"/> of them.</summary>
    public ISchedule Create(double peak, long steps)
    {
        double start = StartFactor ?? DefaultStart(steps);
        return new RiseSchedule(peak, steps, done => Rise(start, done));
    }

    /// <summary>The share of the peak when <paramref name="done"/> in [0, 1] of the steps are done; 1 at the end.</summary>
    /// <param name="start">The share at the first update.</param>
    /// <param name="done">The share of steps done.</param>
    protected abstract double Rise(double start, double done);

    /// <summary>What <see cref="StartFactor"/> is when it is null.</summary>
    protected virtual double DefaultStart(long steps) => 1 / (steps + 1.0);

    /// <summary>Lists the keys that every shape has.</summary>
    protected static OptionsSchema<T> Describe<T>(string about, bool startsAboveZero = false, double? start = null) where T : WarmupOptions, new() =>
        OptionsSchema.Create<T>(about, b =>
        {
            b.OptionalInteger("steps", "Steps of the rise; set this or share.", o => o.Steps, (o, v) => o.Steps = v);
            b.OptionalNumber("share", "The rise as a share of the run; set this or steps.", o => o.Share, (o, v) => o.Share = v, NumberRange.Share);
            b.OptionalNumber("start_factor", "The first update's share of the peak; null is "
                + (start is null ? "1 / (steps + 1), a straight line from 0." : FormattableString.Invariant($"{start:0.###}.")),
                o => o.StartFactor, (o, v) => o.StartFactor = v, startsAboveZero ? NumberRange.Share with { IncludesMinimum = false } : NumberRange.Share);
            b.Rule(["steps", "share"], static o => o.Steps is null == o.Share is null ? "set one of steps and share" : null);
        });
}
