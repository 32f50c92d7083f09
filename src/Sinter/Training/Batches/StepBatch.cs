namespace Sinter.Training.Batches;

/// <summary>The global batch of one step and how it is cut.</summary>
/// <param name="Sequences">Sequences of the global batch.</param>
/// <param name="MicroBatch">Sequences computed at a time; the last micro-batch may have fewer.</param>
public readonly record struct StepBatch(long Sequences, int MicroBatch);
