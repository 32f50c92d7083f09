using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>The warm-ups that recipes choose from.</summary>
public static class WarmupRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<WarmupOptions> All { get; } = new Registry<WarmupOptions>("warm-up")
        .Add(LinearWarmup.Schema)
        .Add(ExponentialWarmup.Schema)
        .Add(CosineWarmup.Schema)
        .Add(ConstantWarmup.Schema)
        .Shorten("linear", "steps");
}
