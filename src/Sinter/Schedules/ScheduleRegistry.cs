using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>The learning-rate schedules that recipes choose from.</summary>
public static class ScheduleRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<ScheduleOptions> All { get; } = new Registry<ScheduleOptions>("schedule")
        .Add(ConstantOptions.Schema)
        .Add(LinearOptions.Schema)
        .Add(PolynomialOptions.Schema)
        .Add(StepOptions.Schema)
        .Add(MultiStepOptions.Schema)
        .Add(ExponentialOptions.Schema)
        .Add(CosineOptions.Schema)
        .Add(CosineRestartsOptions.Schema)
        .Add(InverseSqrtOptions.Schema)
        .Add(WsdOptions.Schema)
        .Add(IncreasingOptions.Schema)
        .Add(CyclicOptions.Schema)
        .Add(OneCycleOptions.Schema)
        .Add(PlateauOptions.Schema)
        .Add(SequenceOptions.Schema);
}
