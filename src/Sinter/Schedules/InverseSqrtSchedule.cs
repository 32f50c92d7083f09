using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="InverseSqrtSchedule"/>.</summary>
public sealed class InverseSqrtOptions : ScheduleOptions
{
    private const long DefaultTimescale = 10_000;

    /// <summary>The keys of <c>inverse_sqrt</c> in recipes.</summary>
    public static OptionsSchema<InverseSqrtOptions> Schema { get; } = OptionsSchema.Create<InverseSqrtOptions>(
        "Falls with the root of the step (Vaswani et al., 2017, equation 3, \"Noam\"; transformers' get_inverse_sqrt_schedule).", static b =>
    {
        Describe(b);
        b.OptionalInteger("timescale", "After three times as many steps the rate has halved; null is the warm-up's steps, or 10,000 without one.",
            o => o.Timescale, (o, v) => o.Timescale = v, 1);
    });

    /// <inheritdoc/>
    public override string Name => "inverse_sqrt";

    /// <summary>After three times as many steps the rate has halved; null is the warm-up's steps, or 10,000 without one, as in transformers.</summary>
    public long? Timescale { get; set; }

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new InverseSqrtSchedule(peak, Timescale ?? (warmup > 0 ? warmup : DefaultTimescale));
}

/// <summary>
/// Falls with the root of the step: i updates after the warm-up, α √(τ ÷ (i + τ)); transformers' <c>get_inverse_sqrt_schedule(timescale=τ)</c>. The
/// schedule of Vaswani et al. (2017, equation 3, "Noam"), c · min(n^−½, n w^−3/2) for update n with its peak at n = w, is this one with
/// <c>warmup_steps: w − 1</c>, <c>timescale: w</c> and α = c w^−½, from the first update on.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="timescale">τ, in steps.</param>
public sealed class InverseSqrtSchedule(double peak, double timescale) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => peak * Math.Sqrt(timescale / (step - 1 + timescale));
}
