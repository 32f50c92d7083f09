namespace Sinter.Training.Batches;

/// <summary>Where in a run a step begins.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Sequences">Sequences of all steps before, which is the number of the step's first one.</param>
/// <param name="Tokens">Targets of all steps before.</param>
public readonly record struct StepStart(long Step, long Sequences, long Tokens);
