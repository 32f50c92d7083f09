using Sinter.Options;
using Sinter.Schedules.Warmups;

namespace Sinter.Schedules;

/// <summary>The options of one learning-rate schedule; each schedule derives its own.</summary>
public abstract class ScheduleOptions : INamedOptions
{
    /// <summary>The schedule's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Steps of linear rise before the schedule itself: short for a <see cref="Warmup"/> of <see cref="LinearWarmup"/>.</summary>
    public long WarmupSteps { get; set; }

    /// <summary>The rise before the schedule itself, if it is another than <see cref="WarmupSteps"/> says.</summary>
    public WarmupOptions? Warmup { get; set; }

    /// <summary>Whether the schedule also moves the optimizer's momentum: <see cref="ISchedule.MomentumAt"/>.</summary>
    public virtual bool MovesMomentum => false;

    /// <summary>The schedule for a run of <paramref name="totalSteps"/> steps that peaks at <paramref name="learningRate"/>, warm-up included.</summary>
    public ISchedule Create(double learningRate, long totalSteps)
    {
        long warmup = WarmupLength(totalSteps);
        var body = Body(learningRate, Math.Max(1, totalSteps - warmup), warmup);
        if (warmup == 0) return body;
        var rise = (Warmup ?? new LinearWarmup()).Create(learningRate, warmup);
        return SequenceSchedule.Of([rise, body], [warmup]);
    }

    /// <summary>Steps of warm-up in a run of <paramref name="totalSteps"/>.</summary>
    public long WarmupLength(long totalSteps) => Warmup?.Length(totalSteps) ?? WarmupSteps;

    /// <summary>The schedule itself, whose step 1 is the first after the warm-up.</summary>
    /// <param name="peak">The learning rate that the warm-up rises to.</param>
    /// <param name="steps">Steps of the run after the warm-up, at least 1.</param>
    /// <param name="warmup">Steps of the warm-up.</param>
    protected abstract ISchedule Body(double peak, long steps, long warmup);

    /// <summary>The lowest learning rate after the warm-up, where the schedule has one.</summary>
    protected virtual double? Floor => null;

    /// <summary>What is wrong with options that are each allowed, in a run of <paramref name="steps"/> steps if that is known; or null.</summary>
    protected internal virtual string? Problem(double learningRate, long? steps) => null;

    /// <summary>Lists the keys that every schedule has.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : ScheduleOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Integer("warmup_steps", "Steps of linear rise from 0 to the peak, before the schedule itself.", o => o.WarmupSteps,
            (o, v) => o.WarmupSteps = v);
        builder.OptionalStrategy("warmup", "Another rise before the schedule itself; a number is the steps of a linear one.", o => o.Warmup,
            (o, v) => o.Warmup = v, WarmupRegistry.All);
        builder.Rule(["warmup", "warmup_steps"], static o => o.Warmup is not null && o.WarmupSteps > 0 ? "set this or warmup_steps, not both" : null);
    }

    /// <summary>What is wrong with the warm-up in a run of <paramref name="steps"/> steps, if that is known.</summary>
    internal static string? WarmupError(ScheduleOptions? schedule, long? steps) =>
        steps is { } known && schedule?.WarmupLength(known) is { } warmup && warmup > known
        ? $"a warm-up of {warmup} steps is longer than the run of {steps}; shorten it, or train longer" : null;

    /// <summary>What is wrong with the floor under a peak of <paramref name="learningRate"/>.</summary>
    internal string? FloorError(double? learningRate) =>
        Floor > learningRate ? FormattableString.Invariant($"{Floor} is more than the optimizer's learning_rate ({learningRate})") : null;
}
