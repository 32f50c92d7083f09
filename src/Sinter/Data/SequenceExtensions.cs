namespace Sinter.Data;

/// <summary>Short forms of <see cref="ISequences"/>' methods.</summary>
public static class SequenceExtensions
{
    /// <summary>Fills a sequence that has tokens and targets alone.</summary>
    /// <inheritdoc cref="ISequences.Fill"/>
    public static int Fill(this ISequences sequences, long sequence, Span<int> inputs, Span<int> targets)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return sequences.Fill(sequence, new SequenceRow(inputs, targets));
    }
}
