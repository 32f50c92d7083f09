using Sinter.Options;

namespace Sinter.Training.Averaging;

/// <summary>The averages of weights that recipes choose from.</summary>
public static class WeightAverageRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<WeightAverageOptions> All { get; } = new Registry<WeightAverageOptions>("average")
        .Add(ExponentialAverageOptions.Schema)
        .Add(StochasticAverageOptions.Schema);
}
