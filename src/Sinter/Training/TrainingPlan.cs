using Sinter.Data;
using Sinter.Training.Batches;

namespace Sinter.Training;

/// <summary>How long a run is, in steps and tokens.</summary>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="TotalTokens">Targets of the whole run.</param>
/// <param name="HasMicroBatches">Whether a step has more than one micro-batch.</param>
public readonly record struct TrainingPlan(long TotalSteps, long TotalTokens, bool HasMicroBatches)
{
    /// <summary>Targets of a global batch; the mean, where they differ.</summary>
    public long TokensPerStep => (TotalTokens + TotalSteps / 2) / TotalSteps;

    /// <summary>The plan of valid options: asks the policy for every step until the length that the options name.</summary>
    /// <param name="options">The length.</param>
    /// <param name="policy">The batch of each step.</param>
    /// <param name="sequences">What steps take.</param>
    public static TrainingPlan Of(TrainingOptions options, IBatchPolicy policy, ITrainingSequences sequences)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(sequences);
        double mostSequences = options.MaxSteps is null && options.MaxTokens is null ? Math.Ceiling((options.Epochs ?? 1) * sequences.PerPass) : double.PositiveInfinity;
        long mostSteps = options.MaxSteps ?? long.MaxValue, mostTokens = options.MaxTokens ?? long.MaxValue;
        var at = new StepStart(1, 0, 0);
        bool micro = false;
        do
        {
            var batch = policy.At(at);
            long tokens = sequences.TargetsOf(at.Sequences, batch.Sequences);
            micro |= batch.Sequences > batch.MicroBatch || tokens > batch.MicroBatchTokens;
            at = new StepStart(at.Step + 1, at.Sequences + batch.Sequences, at.Tokens + tokens);
        }
        while (at.Step <= mostSteps && at.Tokens < mostTokens && at.Sequences < mostSequences);
        return new TrainingPlan(at.Step - 1, at.Tokens, micro);
    }
}
