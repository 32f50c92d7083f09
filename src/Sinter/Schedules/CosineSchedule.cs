namespace Sinter.Schedules;

/// <summary>Options of <see cref="CosineSchedule"/>.</summary>
public sealed class CosineOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <summary>The learning rate at the end.</summary>
    public double MinLearningRate { get; set; }

    /// <inheritdoc/>
    public override ISchedule Create(double learningRate, long totalSteps) => new CosineSchedule(learningRate, MinLearningRate, WarmupSteps, totalSteps);
}

/// <summary>
/// Linear warm-up, then half a cosine down to a floor, as nanoGPT computes it: with i = step − 1 updates done before,
/// warm-up gives α(i+1)/(w+1), and then floor + ½(1 + cos(π (i−w)/(T−w)))(α − floor).
/// </summary>
public sealed class CosineSchedule(double learningRate, double minLearningRate, long warmupSteps, long totalSteps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1;
        if (i < warmupSteps) return learningRate * (i + 1) / (warmupSteps + 1);
        if (i >= totalSteps) return minLearningRate;
        double done = (double)(i - warmupSteps) / Math.Max(1, totalSteps - warmupSteps);
        return minLearningRate + 0.5 * (1 + Math.Cos(Math.PI * done)) * (learningRate - minLearningRate);
    }
}
