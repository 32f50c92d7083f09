using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="ConstantSchedule"/>.</summary>
public sealed class ConstantOptions : ScheduleOptions
{
    /// <summary>The keys of <c>constant</c> in recipes.</summary>
    public static OptionsSchema<ConstantOptions> Schema { get; } = OptionsSchema.Create<ConstantOptions>(
        "The same learning rate at every step.", static b =>
    {
        Describe(b);
        b.Number("factor", "The learning rate as a share of the peak, for a part of a sequence.", o => o.Factor, (o, v) => o.Factor = v,
            NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "constant";

    /// <summary>The learning rate as a share of the peak; of use in a <see cref="SequenceOptions"/>.</summary>
    public double Factor { get; set; } = 1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new ConstantSchedule(peak * Factor);
}

/// <summary>The same learning rate at every step; with a warm-up transformers' <c>get_constant_schedule_with_warmup</c>.</summary>
/// <param name="learningRate">The learning rate.</param>
public sealed class ConstantSchedule(double learningRate) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => learningRate;
}
