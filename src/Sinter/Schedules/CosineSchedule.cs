using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="CosineSchedule"/>.</summary>
public sealed class CosineOptions : DecayOptions
{
    /// <summary>The keys of <c>cosine</c> in recipes.</summary>
    public static OptionsSchema<CosineOptions> Schema { get; } = OptionsSchema.Create<CosineOptions>(DescribeDecay);

    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <inheritdoc/>
    public override ISchedule Create(double learningRate, long totalSteps) =>
        new CosineSchedule(learningRate, MinLearningRate, WarmupSteps, totalSteps);
}

/// <summary>
/// Linear warm-up, then half a cosine down to a floor (Loshchilov and Hutter, 2017, "SGDR", equation 5, without restarts), as nanoGPT computes it:
/// with i = step − 1 updates done before, floor + ½(1 + cos(π (i−w)/(T−w)))(α − floor). After the warm-up this is PyTorch's
/// <c>CosineAnnealingLR(T_max=T−w, eta_min=floor)</c> and transformers' <c>get_cosine_schedule_with_warmup</c>. The floor itself would be reached one
/// update after the last.
/// </summary>
/// <param name="learningRate">The peak, α.</param>
/// <param name="minLearningRate">The floor.</param>
/// <param name="warmupSteps">Steps of rise, w; see <see cref="ScheduleOptions.WarmupSteps"/>.</param>
/// <param name="totalSteps">Steps of the run, T.</param>
public sealed class CosineSchedule(double learningRate, double minLearningRate, long warmupSteps, long totalSteps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        if (ScheduleOptions.Warmup(step, warmupSteps, learningRate) is { } rising) return rising;
        long i = step - 1;
        if (i >= totalSteps) return minLearningRate;
        double done = (double)(i - warmupSteps) / (totalSteps - warmupSteps);
        return minLearningRate + 0.5 * (1 + Math.Cos(Math.PI * done)) * (learningRate - minLearningRate);
    }
}
