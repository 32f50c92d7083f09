
namespace Sinter.Checkpoints.State;

/// <summary>Something that a resumed run has to find as it was: optimizer, schedule, stopping rule, averages, data cursor, random counters.</summary>
public interface IStateful
{
    /// <summary>Gives everything that later steps depend on. Tensors may be given by pointer; they have to stay as they are until the checkpoint is
    /// written.</summary>
    void Save(StateWriter state);

    /// <summary>Takes back what <see cref="Save"/> gave, to the bit.</summary>
    /// <exception cref="CheckpointException">Something is missing or of another kind or shape.</exception>
    void Load(StateReader state);
}
