namespace Sinter.Checkpoints.Runs;

/// <summary>The outcome of looking for the newest good checkpoint.</summary>
/// <param name="Best">The newest one whose files all match their manifest; null if there is none.</param>
/// <param name="Rejected">Newer ones that are damaged, newest first.</param>
public sealed record CheckpointSearch(Checkpoint? Best, IReadOnlyList<RejectedCheckpoint> Rejected);

/// <summary>A damaged checkpoint.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Error">What is wrong with it: the file, and what was expected of it.</param>
public sealed record RejectedCheckpoint(Checkpoint Checkpoint, CheckpointException Error);
