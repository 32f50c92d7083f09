using Sinter.Layers;

namespace Sinter.Optimizers;

/// <summary>Parameters that an optimizer updates with the same numbers.</summary>
/// <param name="Parameters">The parameters.</param>
public sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Factor of the learning rate.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Weight decay in place of the optimizer's own; null keeps that.</summary>
    public double? WeightDecay { get; init; }
}
