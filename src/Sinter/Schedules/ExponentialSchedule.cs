using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="ExponentialSchedule"/>.</summary>
public sealed class ExponentialOptions : ScheduleOptions
{
    private const double DefaultFall = 0.01;

    /// <summary>The keys of <c>exponential</c> in recipes.</summary>
    public static OptionsSchema<ExponentialOptions> Schema { get; } = OptionsSchema.Create<ExponentialOptions>(
        "A geometric fall, at every step or every N steps (PyTorch's ExponentialLR).", static b =>
    {
        Describe(b);
        b.OptionalNumber("gamma", "The factor of each fall; null falls to a hundredth of the peak by the end of the run.", o => o.Gamma,
            (o, v) => o.Gamma = v, NumberRange.Positive);
        b.Integer("every", "Steps from one fall to the next.", o => o.Every, (o, v) => o.Every = v, 1);
    });

    /// <inheritdoc/>
    public override string Name => "exponential";

    /// <summary>The factor of each fall; null falls to a hundredth of the peak by the end of the run.</summary>
    public double? Gamma { get; set; }

    /// <summary>Steps from one fall to the next.</summary>
    public long Every { get; set; } = 1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new ExponentialSchedule(peak, Gamma ?? Math.Pow(DefaultFall, (double)Every / steps), Every);
}

/// <summary>
/// A geometric fall: after i updates, α γ^⌊i/N⌋; PyTorch's <c>ExponentialLR(gamma=γ)</c>, whose <c>step</c> is called every N updates (once an epoch is
/// its habit). N &gt; 1 is <see cref="StepSchedule"/> by another name.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="gamma">The factor, γ.</param>
/// <param name="every">Steps from one fall to the next, N.</param>
public sealed class ExponentialSchedule(double peak, double gamma, long every) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => peak * Math.Pow(gamma, (step - 1) / every);
}
