using Sinter.Data;
using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>The options of one batch policy; each policy derives its own. A number is <see cref="FixedBatchOptions"/> of that size.</summary>
public abstract class BatchPolicyOptions : INamedOptions
{
    /// <summary>The policy's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the policy is cut by <see cref="TrainingOptions.GradientAccumulation"/> rather than by an option of its own.</summary>
    public virtual bool TakesAccumulation => false;

    /// <summary>Whether a step has each sequence of a pass exactly once, so that they are taken in passes whatever ends the run.</summary>
    public virtual bool TakesPasses => false;

    /// <summary>How sequences of similar length are brought together; null leaves them as they come.</summary>
    public virtual LengthBuckets? Buckets => null;

    /// <summary>The policy of these options.</summary>
    public abstract IBatchPolicy Create(BatchFacts facts);

    /// <summary>The sequences of every step, where all steps have as many; else null.</summary>
    /// <param name="gradientAccumulation">Micro-batches in a step.</param>
    public virtual decimal? SequencesPerStep(int gradientAccumulation) => null;

    /// <summary>What is wrong with the options where the longest sequence has <paramref name="contextLength"/> tokens, and what to do; or null.</summary>
    public virtual string? ErrorAt(int contextLength) => null;

    /// <summary>The same number of sequences in every micro-batch.</summary>
    public static implicit operator BatchPolicyOptions(int size) => new FixedBatchOptions { Size = size };

    /// <summary>What is wrong with a micro-batch of so many sequences, if it is more than a tensor's rows can be.</summary>
    protected static string? MicroBatchError(long sequences, int contextLength) => sequences * contextLength <= int.MaxValue ? null
        : $"{sequences} sequences of {contextLength} tokens at a time are more than {int.MaxValue} tokens; set micro_batch lower";
}
