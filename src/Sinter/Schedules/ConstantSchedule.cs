using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="ConstantSchedule"/>.</summary>
public sealed class ConstantOptions : ScheduleOptions
{
    /// <summary>The keys of <c>constant</c> in recipes.</summary>
    public static OptionsSchema<ConstantOptions> Schema { get; } = OptionsSchema.Create<ConstantOptions>(Describe);

    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    public override ISchedule Create(double learningRate, long totalSteps) => new ConstantSchedule(learningRate, WarmupSteps);
}

/// <summary>Linear warm-up, then the peak to the end.</summary>
/// <param name="learningRate">The peak.</param>
/// <param name="warmupSteps">Steps of rise; see <see cref="ScheduleOptions.WarmupSteps"/>.</param>
public sealed class ConstantSchedule(double learningRate, long warmupSteps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => ScheduleOptions.Warmup(step, warmupSteps, learningRate) ?? learningRate;
}
