namespace Sinter.Training.Batches;

/// <summary>The global batch of one step and how it is cut into what is computed at a time: no more sequences and no more positions than these, but at least one
/// sequence.</summary>
/// <param name="Sequences">Sequences of the global batch.</param>
/// <param name="MicroBatch">The most sequences of a micro-batch; the last one may have fewer.</param>
/// <param name="MicroBatchTokens">The most positions of a micro-batch, those behind the end of short sequences included.</param>
public readonly record struct StepBatch(long Sequences, int MicroBatch, int MicroBatchTokens = int.MaxValue)
{
    /// <summary>The sequences of the first micro-batch where all have <paramref name="width"/> positions.</summary>
    public int RowsOf(int width) => (int)Math.Min(Math.Max(1, Math.Min(MicroBatch, MicroBatchTokens / width)), Sequences);
}
