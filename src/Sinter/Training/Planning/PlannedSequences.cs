using Sinter.Data;

namespace Sinter.Training.Planning;

/// <summary>Sequences of one length of which nothing is known but that: what batch policies are asked about before there is a text.</summary>
/// <param name="contextLength">The length.</param>
internal sealed class PlannedSequences(int contextLength) : ITrainingSequences
{
    /// <inheritdoc/>
    public int ContextLength => contextLength;

    /// <inheritdoc/>
    public long PerPass => 1 << 30;

    /// <inheritdoc/>
    public bool HasOneLength => true;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => contextLength;

    /// <inheritdoc/>
    public long TargetsOf(long first, long count) => count * contextLength;

    /// <inheritdoc/>
    public long BucketEnd(long sequence) => long.MaxValue;

    /// <inheritdoc/>
    public string Describe(long first, long count) => $"the sequences {first} to {first + count - 1}";

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => throw new NotSupportedException("These sequences are planned and have no tokens.");
}
