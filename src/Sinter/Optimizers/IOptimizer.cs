using Sinter.Checkpoints;

namespace Sinter.Optimizers;

/// <summary>Turns gradients into better weights.</summary>
public interface IOptimizer : IStateful
{
    /// <summary>Updates every weight that has a gradient.</summary>
    /// <param name="learningRate">The step size.</param>
    /// <param name="gradientScale">Factor of the gradients: 1, or the clip factor.</param>
    void Update(double learningRate, double gradientScale);
}
