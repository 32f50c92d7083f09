namespace Sinter.Data;

/// <summary>The sequences of a training text, without end, in the order in which steps take them. Which tokens a sequence has is a function of (seed, its number)
/// alone, whatever was asked before: a run resumes with the next number.</summary>
public interface ITrainingSequences : ISequences
{
    /// <summary>The tokens of the longest sequence.</summary>
    int ContextLength { get; }

    /// <summary>Sequences in one pass over the text.</summary>
    long PerPass { get; }

    /// <summary>Whether every sequence has <see cref="ContextLength"/> tokens.</summary>
    bool HasOneLength { get; }

    /// <summary>The targets of <paramref name="count"/> sequences from <paramref name="first"/> on.</summary>
    long TargetsOf(long first, long count);

    /// <summary>The number after the last sequence of the bucket that holds a sequence; without buckets <see cref="long.MaxValue"/>.</summary>
    long BucketEnd(long sequence);

    /// <summary>What sequences these are, for error messages: <c>the windows 0 to 7, which begin at token 12 of the training text</c>.</summary>
    string Describe(long first, long count);
}
