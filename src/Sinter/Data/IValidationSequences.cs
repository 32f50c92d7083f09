namespace Sinter.Data;

/// <summary>The sequences that a model is judged by, the same ones each time, none wider than the one before. Safe on several threads.</summary>
public interface IValidationSequences : ISequences
{
    /// <summary>The number of sequences.</summary>
    long Count { get; }

    /// <summary>The number of targets in all of them.</summary>
    long Targets { get; }
}
