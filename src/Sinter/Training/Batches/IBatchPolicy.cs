namespace Sinter.Training.Batches;

/// <summary>How many sequences a step has. The sequences themselves come from the sampler, in its order, so any policy sees the same text.</summary>
/// <remarks>The number of sequences is a function of the arguments alone: a run is planned by asking in advance, and resumed by asking again. Only the cut into
/// micro-batches, which changes no result but in its last bits, may depend on more.</remarks>
public interface IBatchPolicy
{
    /// <summary>The batch of a step.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="tokens">Training tokens of all steps before.</param>
    StepBatch At(long step, long tokens);
}
