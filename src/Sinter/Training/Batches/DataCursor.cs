using Sinter.Checkpoints.State;

namespace Sinter.Training.Batches;

/// <summary>How far a run is in its data: the next step begins with sequence <see cref="Sequences"/>.</summary>
public sealed class DataCursor : IStateful
{
    /// <summary>Sequences of all steps so far.</summary>
    public long Sequences { get; private set; }

    /// <summary>Tokens of all steps so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>A step is done.</summary>
    public void Advance(long sequences, long tokens) => (Sequences, Tokens) = (Sequences + sequences, Tokens + tokens);

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("sequences", Sequences);
        state.Integer("tokens", Tokens);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Sequences, Tokens) = (state.Integer("sequences"), state.Integer("tokens"));
    }
}
