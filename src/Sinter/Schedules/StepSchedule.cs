using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="StepSchedule"/>.</summary>
public sealed class StepOptions : ScheduleOptions
{
    /// <summary>The keys of <c>step</c> in recipes.</summary>
    public static OptionsSchema<StepOptions> Schema { get; } = OptionsSchema.Create<StepOptions>(
        "Falls by a factor every so many steps (PyTorch's StepLR; He et al., 2016).", static b =>
    {
        Describe(b);
        b.OptionalInteger("step_size", "Steps from one fall to the next; null is a third of the run.", o => o.StepSize, (o, v) => o.StepSize = v, 1);
        b.Number("gamma", "The factor of each fall.", o => o.Gamma, (o, v) => o.Gamma = v, NumberRange.Positive);
    });

    /// <inheritdoc/>
    public override string Name => "step";

    /// <summary>Steps from one fall to the next; null is a third of the run, the 30 of 90 epochs of He et al. (2016).</summary>
    public long? StepSize { get; set; }

    /// <summary>The factor of each fall; PyTorch's 0.1.</summary>
    public double Gamma { get; set; } = 0.1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new StepSchedule(peak, Gamma, StepSize ?? Math.Max(1, (long)Math.Ceiling(steps / 3.0)));
}

/// <summary>Falls by a factor every so many steps: after i updates, α γ^⌊i/N⌋; PyTorch's <c>StepLR(step_size=N, gamma=γ)</c>.</summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="gamma">The factor, γ.</param>
/// <param name="every">Steps from one fall to the next, N.</param>
public sealed class StepSchedule(double peak, double gamma, long every) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => peak * Math.Pow(gamma, (step - 1) / every);
}
