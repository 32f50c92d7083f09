using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="LinearSchedule"/>.</summary>
public sealed class LinearOptions : DecayOptions
{
    /// <summary>The keys of <c>linear</c> in recipes.</summary>
    public static OptionsSchema<LinearOptions> Schema { get; } = OptionsSchema.Create<LinearOptions>(DescribeDecay);

    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override ISchedule Create(double learningRate, long totalSteps) =>
        new LinearSchedule(learningRate, MinLearningRate, WarmupSteps, totalSteps);
}

/// <summary>
/// Linear warm-up, then a straight line down to a floor: with i = step − 1 updates done before, floor + (1 − (i−w)/(T−w))(α − floor). After the
/// warm-up this is PyTorch's <c>LinearLR(start_factor=1, end_factor=floor/α, total_iters=T−w)</c> and, with no floor, transformers'
/// <c>get_linear_schedule_with_warmup</c>. The floor itself would be reached one update after the last.
/// </summary>
/// <param name="learningRate">The peak, α.</param>
/// <param name="minLearningRate">The floor.</param>
/// <param name="warmupSteps">Steps of rise, w; see <see cref="ScheduleOptions.WarmupSteps"/>.</param>
/// <param name="totalSteps">Steps of the run, T.</param>
public sealed class LinearSchedule(double learningRate, double minLearningRate, long warmupSteps, long totalSteps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        if (ScheduleOptions.Warmup(step, warmupSteps, learningRate) is { } rising) return rising;
        long i = step - 1;
        if (i >= totalSteps) return minLearningRate;
        double done = (double)(i - warmupSteps) / (totalSteps - warmupSteps);
        return minLearningRate + (1 - done) * (learningRate - minLearningRate);
    }
}
