using Sinter.Data;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Training.Batches;

/// <summary>The sequences of one step in the order in which they are computed: as they come or, where lengths differ, the longest first, so that a micro-batch has
/// little padding and the largest one comes first. How the step is cut has no effect on the order.</summary>
/// <param name="sequences">What steps take.</param>
internal sealed class StepSequences(ITrainingSequences sequences)
{
    private const int PlaceBits = 40;

    private long[] _order = [];
    private long _first;
    private StepBatch _batch;

    /// <summary>The targets of the step.</summary>
    public long Targets { get; private set; }

    /// <summary>The tokens of the step, padding not counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>Begins with a step's batch, whose first sequence is <paramref name="first"/>.</summary>
    public void Begin(long first, StepBatch batch)
    {
        (_first, _batch) = (first, batch);
        Targets = sequences.TargetsOf(first, batch.Sequences);
        Tokens = sequences.HasOneLength ? batch.Sequences * sequences.ContextLength : 0;
        if (sequences.HasOneLength) return;
        if (_order.Length < batch.Sequences) _order = new long[batch.Sequences];
        // The length above the place in one number: equal lengths stay in order.
        for (long i = 0; i < batch.Sequences; i++)
        {
            int width = sequences.WidthOf(first + i);
            _order[i] = ((long)(sequences.ContextLength - width) << PlaceBits) + i;
            Tokens += width;
        }
        Array.Sort(_order, 0, (int)batch.Sequences);
    }

    /// <summary>The sequence in a place of the step.</summary>
    public long this[long place] => _first + (sequences.HasOneLength ? place : _order[place] & ((1L << PlaceBits) - 1));

    /// <summary>The micro-batch that begins at a place, in the device's innermost scope.</summary>
    public SequenceBatch Batch(long place, Device device)
    {
        var (count, width) = MicroBatch(place);
        var batch = SequenceBatch.Empty(device, sequences, count, width);
        for (int row = 0; row < count; row++) batch.Fill(row, sequences, this[place + row]);
        return batch;
    }

    /// <summary>The sequences of the micro-batch that begins at a place, and the positions of a row.</summary>
    public (int Count, int Width) MicroBatch(long place)
    {
        int width = sequences.WidthOf(this[place]);
        long most = Math.Max(1, Math.Min(_batch.MicroBatch, _batch.MicroBatchTokens / width));
        return ((int)Math.Min(most, _batch.Sequences - place), width);
    }
}
