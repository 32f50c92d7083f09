using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="AllBatch"/>.</summary>
public sealed class AllBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>all</c> in recipes.</summary>
    public static OptionsSchema<AllBatchOptions> Schema { get; } = OptionsSchema.Create<AllBatchOptions>(
        "All of the text at every step: batch gradient descent.", static b =>
        b.Integer("micro_batch", "Sequences computed at a time.", o => o.MicroBatch, (o, v) => o.MicroBatch = v, 1, 1 << 20));

    /// <inheritdoc/>
    public override string Name => "all";

    /// <inheritdoc/>
    public override bool TakesPasses => true;

    /// <summary>Sequences computed at a time.</summary>
    public int MicroBatch { get; set; } = 12;

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new AllBatch(facts.Sequences.PerPass, MicroBatch);
    }

    /// <inheritdoc/>
    public override string? ErrorAt(int contextLength) => MicroBatchError(MicroBatch, contextLength);
}

/// <summary>Batch gradient descent (Cauchy, 1847): one step is one pass over the training text, each sequence exactly once.</summary>
/// <param name="perPass">Sequences of a pass.</param>
/// <param name="microBatch">Sequences computed at a time.</param>
public sealed class AllBatch(long perPass, int microBatch) : IBatchPolicy
{
    /// <inheritdoc/>
    public StepBatch At(StepStart start) => new(perPass, microBatch);
}
