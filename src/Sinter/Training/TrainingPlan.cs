using Sinter.Data;
using Sinter.Training.Batches;

namespace Sinter.Training;

/// <summary>How long a run is, in steps and tokens.</summary>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="TotalTokens">Targets of the whole run.</param>
/// <param name="ContextLength">Tokens of a sequence.</param>
/// <param name="HasMicroBatches">Whether a step has more than one micro-batch.</param>
/// <param name="Order">How windows are taken.</param>
public readonly record struct TrainingPlan(long TotalSteps, long TotalTokens, int ContextLength, bool HasMicroBatches, WindowOrder Order)
{
    /// <summary>Targets of a global batch; the mean, where the batch policy changes it.</summary>
    public long TokensPerStep => (TotalTokens + TotalSteps / 2) / TotalSteps;

    /// <summary>The plan of valid options: asks the policy for every step until the length that the options name.</summary>
    /// <param name="options">The length.</param>
    /// <param name="policy">The batch of each step.</param>
    /// <param name="facts">The text and its windows.</param>
    public static TrainingPlan Of(TrainingOptions options, IBatchPolicy policy, BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(facts);
        double mostSequences = options.MaxSteps is null && options.MaxTokens is null ? Math.Ceiling((options.Epochs ?? 1) * facts.Windows) : double.PositiveInfinity;
        long mostSteps = options.MaxSteps ?? long.MaxValue, mostTokens = options.MaxTokens ?? long.MaxValue;
        long steps = 0, sequences = 0;
        bool micro = false;
        do
        {
            var batch = policy.At(steps + 1, sequences * facts.ContextLength);
            sequences += batch.Sequences;
            micro |= batch.Sequences > batch.MicroBatch;
            steps++;
        }
        while (steps < mostSteps && sequences * facts.ContextLength < mostTokens && sequences < mostSequences);
        return new TrainingPlan(steps, sequences * facts.ContextLength, facts.ContextLength, micro, options.Epochs is null ? WindowOrder.RandomOffsets : WindowOrder.Epochs);
    }
}
