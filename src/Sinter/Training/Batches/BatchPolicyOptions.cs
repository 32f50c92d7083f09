using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>The options of one batch policy; each policy derives its own. A number is <see cref="FixedBatchOptions"/> of that size.</summary>
public abstract class BatchPolicyOptions : INamedOptions
{
    /// <summary>The policy's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The policy of these options.</summary>
    public abstract IBatchPolicy Create(BatchFacts facts);

    /// <summary>The sequences of every step, where all steps have as many; else null.</summary>
    /// <param name="gradientAccumulation">Micro-batches in a step.</param>
    public virtual decimal? SequencesPerStep(int gradientAccumulation) => null;

    /// <summary>The same number of sequences in every micro-batch.</summary>
    public static implicit operator BatchPolicyOptions(int size) => new FixedBatchOptions { Size = size };
}
