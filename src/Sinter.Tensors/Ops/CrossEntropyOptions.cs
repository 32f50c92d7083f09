namespace Sinter.Tensors.Ops;

/// <summary>How a cross entropy is taken.</summary>
public readonly record struct CrossEntropyOptions()
{
    /// <summary>Targets of this value count for nothing; PyTorch's default.</summary>
    public int IgnoredTarget { get; init; } = -100;

    /// <summary>
    /// What the sum over targets is divided by: the number of targets of the whole global batch, so that the gradient is the same however the batch
    /// is cut.
    /// 0 takes the number of targets at hand.
    /// </summary>
    public long TargetCount { get; init; }

    /// <summary>
    /// ε, in [0, 1): the target distribution is 1 − ε on the target and ε ÷ V on each of all V tokens, so a row's loss becomes (1 − ε) · (−log
    /// p[target])
    /// + ε ÷ V · Σ −log p. Szegedy et al., "Rethinking the Inception architecture" (2016), section 7; PyTorch's <c>label_smoothing</c>.
    /// </summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// c, not negative: a row's loss gets c · log² Z, Z = Σ exp(logit), which keeps logits from drifting away. PaLM (Chowdhery et al., 2022, section
    /// 5, where c
    /// is 1e-4).
    /// </summary>
    public float ZLoss { get; init; }

    /// <summary>
    /// Logits become cap · tanh(logit ÷ cap) before anything else is done with them: the model's own last step, as in Gemma 2; 0 is none.
    /// </summary>
    public float SoftCap { get; init; }

    /// <summary>
    /// Factors of the classes, float32 [V], not negative, or none: a row's loss is −w[target] · log p[target], and smoothing spreads ε ÷ V · w over the
    /// classes, as PyTorch's <c>weight</c> does.
    /// </summary>
    /// <remarks>PyTorch's mean divides by the summed weights of the targets at hand, so that the same example counts differently in another batch.
    /// Here the divisor stays the count of targets: weights whose mean over the training examples is 1 leave the loss its size.</remarks>
    public Tensor ClassWeights { get; init; }

    /// <summary>The weight of a class.</summary>
    internal float WeightOf(int target) => ClassWeights.IsNone ? 1 : ClassWeights.Span[target];

    /// <summary>Refuses options out of range.</summary>
    internal void Check(string op, long classes)
    {
        if (!ClassWeights.IsNone && ClassWeights.Shape != new Shape(classes))
            throw new ArgumentException($"[{op}] the class weights {ClassWeights.Shape} are not [{classes}], one for each class.");
        if (TargetCount < 0) throw new ArgumentException($"[{op}] a target count of {TargetCount} is negative.");
        if (!(LabelSmoothing >= 0 && LabelSmoothing < 1)) throw new ArgumentException($"[{op}] a label smoothing of {LabelSmoothing} is not in [0, 1).");
        if (!(SoftCap >= 0 && float.IsFinite(SoftCap))) throw new ArgumentException($"[{op}] a soft cap of {SoftCap} is no finite number of 0 or more.");
        if (!(ZLoss >= 0 && float.IsFinite(ZLoss))) throw new ArgumentException($"[{op}] a z-loss of {ZLoss} is no finite number of 0 or more.");
    }
}

/// <summary>What a cross entropy counted.</summary>
/// <param name="Loss">What is minimized: (<paramref name="Sum"/> + <see cref="Smoothing"/> + <see cref="ZLoss"/>) ÷ the target count; one element,
/// the root
/// of the backward pass.</param>
/// <param name="Sum">The summed cross entropy in nats, in double precision, without label smoothing and z-loss.</param>
/// <param name="Targets">Targets that were not ignored.</param>
/// <param name="Correct">Targets that were the likeliest token (the first of equals).</param>
public readonly record struct CrossEntropyResult(Tensor Loss, double Sum, long Targets, long Correct)
{
    /// <summary>What label smoothing adds to the sum; it may be negative.</summary>
    public double Smoothing { get; init; }

    /// <summary>What the z-loss adds to the sum.</summary>
    public double ZLoss { get; init; }
}
