namespace Sinter.Data;

/// <summary>The place of a sequence in a batch, to be filled.</summary>
/// <param name="inputs">[width]: the tokens.</param>
/// <param name="targets">[width]: what is to be predicted at each position, or <see cref="ISequences.IgnoredTarget"/>.</param>
public readonly ref struct SequenceRow(Span<int> inputs, Span<int> targets)
{
    /// <summary>[width]: the tokens.</summary>
    public Span<int> Inputs { get; } = inputs;

    /// <summary>[width]: what is to be predicted at each position, or <see cref="ISequences.IgnoredTarget"/>.</summary>
    public Span<int> Targets { get; } = targets;

    /// <summary>[width]: the segment of each position, where <see cref="ISequences.HasSegments"/>; else empty.</summary>
    public Span<int> Segments { get; init; }

    /// <summary>[width]: the type of text at each position, 0 or 1, where <see cref="ISequences.HasTypes"/>; else empty.</summary>
    public Span<int> Types { get; init; }

    /// <summary>[<see cref="ISequences.ValueCount"/>]: the numbers to predict.</summary>
    public Span<float> Values { get; init; }
}
