namespace Sinter.Data.Examples;

/// <summary>The validation examples, the longest first, so that a batch has little padding. With a limit they are spread evenly over the part, the same ones each
/// time.</summary>
internal sealed class ExampleValidation : IValidationSequences
{
    private readonly EncodedExamples _examples;
    private readonly ExampleForm _form;
    private readonly long[] _chosen;

    /// <summary>Chooses the examples.</summary>
    /// <param name="examples">All of them.</param>
    /// <param name="form">How they lie in rows.</param>
    /// <param name="maxTokens">About how many tokens to evaluate at most, at least one example; null is all.</param>
    public ExampleValidation(EncodedExamples examples, ExampleForm form, long? maxTokens)
    {
        (_examples, _form) = (examples, form);
        double share = Math.Min(1, (double)(maxTokens ?? long.MaxValue) / examples.TokenCount);
        long count = Math.Clamp((long)(share * examples.Count), 1, examples.Count);
        _chosen = [.. Enumerable.Range(0, checked((int)count)).Select(i => i * examples.Count / count).OrderByDescending(examples.LengthOf).ThenBy(i => i)];
    }

    /// <inheritdoc/>
    public long Count => _chosen.Length;

    /// <inheritdoc/>
    public long Targets => _chosen.Length;

    /// <inheritdoc/>
    public bool HasSegments => _form.HidesPadding;

    /// <inheritdoc/>
    public bool HasTypes => _examples.Seconds is not null;

    /// <inheritdoc/>
    public int ValueCount => _examples.ValueCount;

    /// <summary>The number of the example that a sequence is.</summary>
    public long ExampleOf(long sequence) => _chosen[sequence];

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _examples.LengthOf(_chosen[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _form.Fill(_examples, _chosen[sequence], row);
}
