using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="FixedBatch"/>.</summary>
public sealed class FixedBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>fixed</c> in recipes.</summary>
    public static OptionsSchema<FixedBatchOptions> Schema { get; } = OptionsSchema.Create<FixedBatchOptions>(
        "The same number of sequences at every step.", static b =>
        b.Integer("size", "Sequences in a micro-batch.", o => o.Size, (o, v) => o.Size = v, 1, 1 << 20));

    /// <inheritdoc/>
    public override string Name => "fixed";

    /// <inheritdoc/>
    public override bool TakesAccumulation => true;

    /// <summary>Sequences in a micro-batch.</summary>
    public int Size { get; set; } = 12;

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new FixedBatch(Size, facts.GradientAccumulation);
    }

    /// <inheritdoc/>
    public override decimal? SequencesPerStep(int gradientAccumulation) => (decimal)Size * gradientAccumulation;
}

/// <summary>Every step has the same batch: micro-batches of one size, as many as accumulation says. More than one sequence is mini-batch gradient descent; one, without
/// accumulation, is stochastic gradient descent in the strict sense (Robbins and Monro, "A Stochastic Approximation Method", 1951).</summary>
/// <param name="size">Sequences in a micro-batch.</param>
/// <param name="gradientAccumulation">Micro-batches in a step.</param>
public sealed class FixedBatch(int size, int gradientAccumulation) : IBatchPolicy
{
    /// <inheritdoc/>
    public StepBatch At(StepStart start) => new((long)size * gradientAccumulation, size);
}
