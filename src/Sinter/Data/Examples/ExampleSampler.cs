namespace Sinter.Data.Examples;

/// <summary>The training examples in passes, in a <see cref="PassOrder"/>; for one thread at a time.</summary>
/// <param name="examples">The examples.</param>
/// <param name="form">How they lie in rows.</param>
/// <param name="contextLength">The most tokens of an example.</param>
/// <param name="seed">Decides the order.</param>
/// <param name="buckets">How similar lengths are brought together, if they are.</param>
internal sealed class ExampleSampler(EncodedExamples examples, ExampleForm form, int contextLength, ulong seed, LengthBuckets? buckets) : ITrainingSequences
{
    private readonly PassOrder _order = new(examples, seed, buckets);

    /// <inheritdoc/>
    public int ContextLength => contextLength;

    /// <inheritdoc/>
    public long PerPass => examples.Count;

    /// <inheritdoc/>
    public bool HasOneLength => false;

    /// <inheritdoc/>
    public bool HasSegments => form.HidesPadding;

    /// <inheritdoc/>
    public bool HasTypes => examples.Seconds is not null;

    /// <inheritdoc/>
    public int ValueCount => examples.ValueCount;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => examples.LengthOf(_order[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => form.Fill(examples, _order[sequence], row);

    /// <inheritdoc/>
    public long TargetsOf(long first, long count) => count;

    /// <inheritdoc/>
    public long BucketEnd(long sequence) => _order.BucketEnd(sequence);

    /// <inheritdoc/>
    public string Describe(long first, long count) => $"the examples {first} to {first + count - 1}, of which the first is {examples.PlaceOf(_order[first])}";
}
