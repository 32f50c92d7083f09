namespace Sinter.Optimizers;

/// <summary>What the numbers of an update depend on, for the parameters of one group.</summary>
/// <param name="Count">Updates so far, this one included: t of the papers.</param>
/// <param name="LearningRate">The step size, the group's factor included: α.</param>
/// <param name="WeightDecay">The group's weight decay: λ.</param>
/// <param name="Momentum">What stands in place of the optimizer's own momentum, or β₁; null is its own.</param>
public readonly record struct UpdateStep(long Count, double LearningRate, double WeightDecay, double? Momentum = null)
{
    /// <summary>What decoupled weight decay leaves of a weight: 1 − αλ.</summary>
    public double Shrink => 1 - LearningRate * WeightDecay;

    /// <summary>What an average with the decay rate β that began at zero holds of what it averages: 1 − βᵗ.</summary>
    public double Correction(double beta) => 1 - Math.Pow(beta, Count);
}
