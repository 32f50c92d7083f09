using Sinter.Data;
using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="TokenBatch"/>.</summary>
public sealed class TokenBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>tokens</c> in recipes.</summary>
    public static OptionsSchema<TokenBatchOptions> Schema { get; } = OptionsSchema.Create<TokenBatchOptions>(
        "As many sequences as fill a budget of tokens, those of like length together.", static b =>
    {
        b.Integer("size", "The most tokens of a step, without padding.", o => o.Size, (o, v) => o.Size = v, 1);
        b.OptionalInteger("micro_batch", "The most tokens computed at a time, with padding; null is size.", o => o.MicroBatch, (o, v) => o.MicroBatch = v, 1);
        b.Integer("bucket_window", "Documents of which those of similar length come together; 1 takes them as they come.",
            o => o.BucketWindow, (o, v) => o.BucketWindow = v, 1, 1 << 24);
    });

    /// <inheritdoc/>
    public override string Name => "tokens";

    /// <summary>The most targets of a step, padding not counted: they decide how good the gradient is.</summary>
    public int Size { get; set; } = 4096;

    /// <summary>The most positions of a micro-batch, padding counted: they decide the memory. Null is <see cref="Size"/>.</summary>
    public int? MicroBatch { get; set; }

    /// <summary>Sequences of which those of similar length come together; 1 takes them as they come.</summary>
    public int BucketWindow { get; set; } = 4096;

    /// <inheritdoc/>
    public override LengthBuckets? Buckets => BucketWindow > 1 ? new LengthBuckets(BucketWindow, Size) : null;

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new TokenBatch(facts.Sequences, Size, MicroBatch ?? Size);
    }

    /// <inheritdoc/>
    public override string? ErrorAt(int contextLength) =>
        Size < contextLength ? $"{Size} tokens a step do not hold one sequence of model.context_length ({contextLength}); raise size"
        : MicroBatch < contextLength ? $"{MicroBatch} tokens at a time do not hold one sequence of model.context_length ({contextLength}); raise micro_batch"
        : null;
}

/// <summary>A step takes sequences as long as their targets fit a budget, and ends where a bucket of similar lengths ends: as many tokens in each step, however long its
/// sequences are (Vaswani et al., "Attention Is All You Need", 2017, section 5.1; fairseq's <c>--max-tokens</c>, which counts the padding too).</summary>
/// <param name="sequences">What steps take.</param>
/// <param name="size">The most targets of a step, at least those of the longest sequence.</param>
/// <param name="microBatch">The most positions computed at a time.</param>
public sealed class TokenBatch(ITrainingSequences sequences, int size, int microBatch) : IBatchPolicy
{
    /// <inheritdoc/>
    public StepBatch At(StepStart start)
    {
        long first = start.Sequences, next = first + 1;
        if (sequences.HasOneLength) next = first + size / sequences.ContextLength;
        else
        {
            long end = sequences.BucketEnd(first), left = size - sequences.WidthOf(first);
            while (next < end && (left -= sequences.WidthOf(next)) >= 0) next++;
        }
        return new StepBatch(next - first, int.MaxValue, microBatch);
    }
}
