using Sinter.Checkpoints.State;

namespace Sinter.Optimizers;

/// <summary>Turns gradients into better weights.</summary>
public interface IOptimizer : IStateful
{
    /// <summary>Updates every weight that has a gradient.</summary>
    /// <param name="learningRate">The step size.</param>
    /// <param name="gradientScale">Factor of the gradients: 1, or the clip factor.</param>
    /// <param name="momentum">What stands in place of the optimizer's own momentum, or β₁, in this update; null is its own. Without effect where
    /// <see cref="OptimizerOptions.HasMomentum"/> is false.</param>
    void Update(double learningRate, double gradientScale, double? momentum = null);
}
