using Sinter.Data;
using Sinter.Training.Planning;

namespace Sinter.Training.Batches;

/// <summary>What a batch policy is made from beside its own options.</summary>
/// <param name="Sequences">What steps take their sequences from.</param>
/// <param name="GradientAccumulation">Micro-batches in a step, where the policy does not decide that itself.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record BatchFacts(ITrainingSequences Sequences, int GradientAccumulation, ulong Seed)
{
    /// <summary>Knows what steps take, for the policy that asks; made before anything of the run is held. Null plans nothing.</summary>
    public MemoryPlanner? Planner { get; init; }
}
