using Sinter.Data;

namespace Sinter.Training;

/// <summary>How long a run is, in steps and tokens.</summary>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="SequencesPerStep">Windows of a global batch.</param>
/// <param name="TokensPerStep">Targets of a global batch.</param>
/// <param name="Order">How windows are taken.</param>
public readonly record struct TrainingPlan(long TotalSteps, long SequencesPerStep, long TokensPerStep, WindowOrder Order)
{
    /// <summary>The plan of valid options.</summary>
    /// <param name="options">Length, batch and accumulation.</param>
    /// <param name="contextLength">Tokens of a window.</param>
    /// <param name="trainTokens">Tokens to train on.</param>
    public static TrainingPlan Of(TrainingOptions options, int contextLength, long trainTokens)
    {
        ArgumentNullException.ThrowIfNull(options);
        long sequences = (long)options.BatchSize * options.GradientAccumulation, tokens = sequences * contextLength;
        long windows = Math.Max(1, (trainTokens - 1) / contextLength);
        long steps = options switch
        {
            { MaxSteps: { } max } => max,
            { MaxTokens: { } max } => (max + tokens - 1) / tokens,
            _ => (long)Math.Ceiling((options.Epochs ?? 1) * windows / sequences),
        };
        return new TrainingPlan(Math.Max(1, steps), sequences, tokens, options.Epochs is null ? WindowOrder.RandomOffsets : WindowOrder.Epochs);
    }
}
