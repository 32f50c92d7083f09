using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Averaging;

/// <summary>The options of one average of weights; each derives its own.</summary>
public abstract class WeightAverageOptions : INamedOptions
{
    /// <summary>The average's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The average of these options.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="totalSteps">Steps of the run.</param>
    public abstract IWeightAverage Create(IReadOnlyList<Parameter> parameters, long totalSteps);
}
