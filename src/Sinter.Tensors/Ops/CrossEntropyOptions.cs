namespace Sinter.Tensors.Ops;

/// <summary>How a cross entropy is taken.</summary>
public readonly record struct CrossEntropyOptions()
{
    /// <summary>Targets of this value count for nothing; PyTorch's default.</summary>
    public int IgnoredTarget { get; init; } = -100;

    /// <summary>
    /// What the sum over targets is divided by: the number of targets of the whole global batch, so that the gradient is the same however the batch is cut.
    /// 0 takes the number of targets at hand.
    /// </summary>
    public long TargetCount { get; init; }
}

/// <summary>What a cross entropy counted.</summary>
/// <param name="Loss">The summed loss ÷ the target count; one element, the root of the backward pass.</param>
/// <param name="Sum">The summed loss in nats, in double precision.</param>
/// <param name="Targets">Targets that were not ignored.</param>
/// <param name="Correct">Targets that were the likeliest token (the first of equals).</param>
public readonly record struct CrossEntropyResult(Tensor Loss, double Sum, long Targets, long Correct);
