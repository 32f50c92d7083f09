using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>The learning-rate schedules that recipes choose from.</summary>
public static class ScheduleRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<ScheduleOptions> All { get; } = new Registry<ScheduleOptions>("schedule")
        .Add(ConstantOptions.Schema)
        .Add(LinearOptions.Schema)
        .Add(CosineOptions.Schema);
}
