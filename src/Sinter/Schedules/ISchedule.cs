namespace Sinter.Schedules;

/// <summary>The learning rate as a function of the step.</summary>
public interface ISchedule
{
    /// <summary>The learning rate of the update that makes step <paramref name="step"/> (the first update is step 1).</summary>
    double At(long step);

    /// <summary>The optimizer's momentum in that update, or null for the optimizer's own.</summary>
    double? MomentumAt(long step) => null;
}
