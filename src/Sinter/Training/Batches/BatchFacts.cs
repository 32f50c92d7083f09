namespace Sinter.Training.Batches;

/// <summary>What a batch policy is made from beside its own options.</summary>
/// <param name="ContextLength">Tokens of a sequence.</param>
/// <param name="Windows">Sequences that the training text has in one pass.</param>
/// <param name="GradientAccumulation">Micro-batches in a step, where the policy does not decide that itself.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record BatchFacts(int ContextLength, long Windows, int GradientAccumulation, ulong Seed)
{
    /// <summary>The facts of a run.</summary>
    /// <param name="options">Accumulation and seed.</param>
    /// <param name="contextLength">Tokens of a sequence.</param>
    /// <param name="trainTokens">Tokens to train on.</param>
    public static BatchFacts Of(TrainingOptions options, int contextLength, long trainTokens)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BatchFacts(contextLength, Math.Max(1, (trainTokens - 1) / contextLength), options.GradientAccumulation, options.Seed);
    }
}
