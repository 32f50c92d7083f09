using Sinter.Tensors.Ops;

namespace Sinter.Training;

/// <summary>What the micro-batches of a step add up to.</summary>
internal struct StepSums
{
    /// <summary>Cross entropy in nats, and what label smoothing and the z-loss add to it.</summary>
    public double Loss, Smoothing, ZLoss;

    /// <summary>Targets, those of them that were the likeliest token, and positions, padding included.</summary>
    public long Targets, Correct, Positions;

    /// <summary>One more micro-batch.</summary>
    public void Add(in CrossEntropyResult result, long positions)
    {
        (Loss, Smoothing, ZLoss) = (Loss + result.Sum, Smoothing + result.Smoothing, ZLoss + result.ZLoss);
        (Targets, Correct, Positions) = (Targets + result.Targets, Correct + result.Correct, Positions + positions);
    }
}
