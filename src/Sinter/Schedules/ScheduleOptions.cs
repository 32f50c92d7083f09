using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>The options of one learning-rate schedule; each schedule derives its own.</summary>
public abstract class ScheduleOptions : INamedOptions
{
    /// <summary>The schedule's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Steps of linear rise before the schedule itself. With w of them, update number s (from 1) has s/(w+1) of the peak, as in nanoGPT and in
    /// PyTorch's
    /// <c>LinearLR(start_factor=1/(w+1), total_iters=w)</c>; transformers' schedules give it (s−1)/w, so their first update changes nothing.
    /// </summary>
    public long WarmupSteps { get; set; }

    /// <summary>The schedule for a run of <paramref name="totalSteps"/> steps that peaks at <paramref name="learningRate"/>.</summary>
    public abstract ISchedule Create(double learningRate, long totalSteps);

    /// <summary>The lowest learning rate after the warm-up, where the schedule has one.</summary>
    protected virtual double? Floor => null;

    /// <summary>Lists the keys that every schedule has.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : ScheduleOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Integer("warmup_steps", "Steps of linear rise from 0 to the peak, before the schedule itself.", o => o.WarmupSteps,
            (o, v) => o.WarmupSteps = v);
    }

    /// <summary>The rise: the learning rate of update <paramref name="step"/>, or null once it is over.</summary>
    internal static double? Warmup(long step, long warmupSteps, double learningRate) =>
        step <= warmupSteps ? learningRate * step / (warmupSteps + 1) : null;

    /// <summary>What is wrong with the warm-up in a run of <paramref name="steps"/> steps, if that is known.</summary>
    internal static string? WarmupError(ScheduleOptions? schedule, long? steps) => schedule is not null && schedule.WarmupSteps > steps
        ? $"a warm-up of {schedule.WarmupSteps} steps is longer than the run of {steps}; shorten it, or train longer" : null;

    /// <summary>What is wrong with the floor under a peak of <paramref name="learningRate"/>.</summary>
    internal string? FloorError(double? learningRate) =>
        Floor > learningRate ? FormattableString.Invariant($"{Floor} is more than the optimizer's learning_rate ({learningRate})") : null;
}
