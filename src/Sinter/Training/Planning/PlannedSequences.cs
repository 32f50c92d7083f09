using Sinter.Data;

namespace Sinter.Training.Planning;

/// <summary>Sequences of one length of which nothing is known but that and their form: what batch policies are asked about before there is a text.</summary>
/// <param name="contextLength">The length.</param>
/// <param name="like">What they are like in all else; null is text.</param>
internal sealed class PlannedSequences(int contextLength, ISequences? like = null) : ITrainingSequences
{
    /// <summary>Sequences as wide as the widest of others.</summary>
    public static PlannedSequences Of(ITrainingSequences sequences)
    {
        int width = sequences.ContextLength;
        if (!sequences.HasOneLength)
        {
            width = 1;
            for (long i = 0; i < sequences.PerPass && width < sequences.ContextLength; i++) width = Math.Max(width, sequences.WidthOf(i));
        }
        return new(width, sequences);
    }

    /// <inheritdoc/>
    public bool HasSegments => like?.HasSegments ?? false;

    /// <inheritdoc/>
    public bool HasTypes => like?.HasTypes ?? false;

    /// <inheritdoc/>
    public int ValueCount => like?.ValueCount ?? 0;

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
