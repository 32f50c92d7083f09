using Sinter.Options;

namespace Sinter.Training.Unfreezing;

/// <summary>The ways to unfreeze that recipes choose from.</summary>
public static class UnfreezingRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<UnfreezingOptions> All { get; } = new Registry<UnfreezingOptions>("unfreeze")
        .Add(GradualUnfreezingOptions.Schema);
}
