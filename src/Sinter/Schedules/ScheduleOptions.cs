namespace Sinter.Schedules;

/// <summary>The options of one learning-rate schedule; each schedule derives its own.</summary>
public abstract class ScheduleOptions
{
    /// <summary>The schedule's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Steps of linear rise from 0 to the peak, before the schedule itself.</summary>
    public long WarmupSteps { get; set; }

    /// <summary>The schedule for a run of <paramref name="totalSteps"/> steps that peaks at <paramref name="learningRate"/>.</summary>
    public abstract ISchedule Create(double learningRate, long totalSteps);
}
