using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="RandomBatch"/>.</summary>
public sealed class RandomBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>random</c> in recipes.</summary>
    public static OptionsSchema<RandomBatchOptions> Schema { get; } = OptionsSchema.Create<RandomBatchOptions>(
        "A random number of sequences at each step.", static b =>
    {
        b.Integer("min", "The fewest sequences of a step.", o => o.Min, (o, v) => o.Min = v, 1, 1 << 20);
        b.Integer("max", "The most sequences of a step.", o => o.Max, (o, v) => o.Max = v, 1, 1 << 20);
        b.Integer("multiple_of", "Steps have a multiple of this many sequences.", o => o.MultipleOf, (o, v) => o.MultipleOf = v, 1, 1 << 20);
        b.OptionalInteger("micro_batch", "Sequences computed at a time; null computes a step at once.", o => o.MicroBatch, (o, v) => o.MicroBatch = v, 1, 1 << 20);
        b.Rule(["min", "max"], static o => o.Min <= o.Max ? null : $"{o.Min} is more than max ({o.Max})");
        b.Rule(["multiple_of", "min", "max"], static o => o.Min > o.Max || o.Max / o.MultipleOf * o.MultipleOf >= o.Min ? null
            : $"no multiple of {o.MultipleOf} lies between min ({o.Min}) and max ({o.Max})");
    });

    /// <inheritdoc/>
    public override string Name => "random";

    /// <summary>The fewest sequences of a step.</summary>
    public int Min { get; set; } = 8;

    /// <summary>The most sequences of a step.</summary>
    public int Max { get; set; } = 32;

    /// <summary>Steps have a multiple of this many sequences.</summary>
    public int MultipleOf { get; set; } = 1;

    /// <summary>Sequences computed at a time; null computes a step at once.</summary>
    public int? MicroBatch { get; set; }

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new RandomBatch(Min, Max, MultipleOf, MicroBatch ?? Max, facts.Seed);
    }

    /// <inheritdoc/>
    public override string? ErrorAt(int contextLength) => MicroBatchError(Math.Min(Max, MicroBatch ?? Max), contextLength);
}

/// <summary>Each step has a random number of sequences, each multiple of <paramref name="multipleOf"/> from <paramref name="min"/> to <paramref name="max"/> equally
/// likely: a function of seed and step.</summary>
/// <param name="min">The fewest.</param>
/// <param name="max">The most.</param>
/// <param name="multipleOf">What divides the number.</param>
/// <param name="microBatch">Sequences computed at a time.</param>
/// <param name="seed">The run's seed.</param>
public sealed class RandomBatch(int min, int max, int multipleOf, int microBatch, ulong seed) : IBatchPolicy
{
    // "BTCH" in ASCII: it keeps this use of the seed apart from the others.
    private const uint Stream = 0x42544348;

    private readonly int _least = (min + multipleOf - 1) / multipleOf, _most = max / multipleOf;

    /// <inheritdoc/>
    public StepBatch At(StepStart start) =>
        new((_least + (long)Philox.Below((ulong)(_most - _least + 1), seed, (ulong)start.Step, Stream)) * multipleOf, microBatch);
}
