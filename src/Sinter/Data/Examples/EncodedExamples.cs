namespace Sinter.Data.Examples;

/// <summary>Examples as tokens, all in memory: four bytes a token.</summary>
/// <param name="tokens">The tokens of all examples, one after the other.</param>
/// <param name="starts">Where each example begins, and where the last one ends.</param>
/// <param name="places">Where each example is from, for messages.</param>
public sealed class EncodedExamples(int[] tokens, int[] starts, string[] places) : ISequenceLengths
{
    /// <summary>The number of examples.</summary>
    public long Count => places.Length;

    /// <summary>The tokens of all examples together.</summary>
    public long TokenCount => starts[^1];

    /// <summary>Where the second text of each example begins, counted from the example's first token; null where there are no pairs.</summary>
    public int[]? Seconds { get; init; }

    /// <summary>The label of each example, by its number; null where sets of labels or numbers are predicted.</summary>
    public int[]? Labels { get; init; }

    /// <summary>[examples, values]: 1 for the labels that an example has and 0 for the others, or the numbers to predict.</summary>
    public float[] Values { get; init; } = [];

    /// <summary>Values of an example.</summary>
    public int ValueCount { get; init; }

    /// <summary>The same examples with a label each.</summary>
    public EncodedExamples With(int[] labels) => new(tokens, starts, places) { Seconds = Seconds, Labels = labels };

    /// <summary>The same examples with values.</summary>
    public EncodedExamples With(float[] values, int valueCount) => new(tokens, starts, places) { Seconds = Seconds, Values = values, ValueCount = valueCount };

    /// <summary>The tokens of an example.</summary>
    public int LengthOf(long sequence) => starts[sequence + 1] - starts[sequence];

    /// <summary>The tokens of an example.</summary>
    public ReadOnlySpan<int> TokensOf(long example) => tokens.AsSpan(starts[example], LengthOf(example));

    /// <summary>The values of an example.</summary>
    public ReadOnlySpan<float> ValuesOf(long example) => Values.AsSpan((int)example * ValueCount, ValueCount);

    /// <summary>Where an example is from: <c>file:line</c>.</summary>
    public string PlaceOf(long example) => places[example];
}
