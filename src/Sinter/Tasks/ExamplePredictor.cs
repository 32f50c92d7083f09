using System.Numerics.Tensors;
using Sinter.Data;
using Sinter.Layers;
using Sinter.Models;

namespace Sinter.Tasks;

/// <summary>The outputs of a model for examples, in batches of similar length.</summary>
/// <param name="model">The model.</param>
public sealed class ExamplePredictor(SequenceClassifier model)
{
    private const int BatchTokens = 4096;

    /// <summary>What the outputs are.</summary>
    public ProblemKind Problem => model.Config.Problem;

    /// <summary>Outputs of an example.</summary>
    public int Outputs => model.Config.Labels!.Count;

    /// <summary>Computes all sequences.</summary>
    /// <param name="sequences">The examples, none longer than the one before.</param>
    /// <param name="take">Gets each sequence's number and its logits, which are good until the next.</param>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Predict(IValidationSequences sequences, Taker take, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(take);
        var device = model.Device;
        using var pause = device.Tape.Pause();
        using var hold = Rows(sequences, 0) < sequences.Count ? device.HoldWeights() : null;
        for (long first = 0, count; first < sequences.Count; first += count)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = device.Scope("evaluation");
            count = Rows(sequences, first);
            var batch = SequenceBatch.Empty(device, sequences, (int)count, sequences.WidthOf(first));
            for (int row = 0; row < count; row++) batch.Fill(row, sequences, first + row);
            var logits = model.Logits(batch, default(ForwardContext));
            for (int row = 0; row < count; row++) take(first + row, logits.Span.Slice(row * Outputs, Outputs));
            progress?.Report((double)(first + count) / sequences.Count);
        }
    }

    /// <summary>Makes outputs of logits: probabilities of labels, or numbers as they are.</summary>
    public static void Activate(ProblemKind problem, ReadOnlySpan<float> logits, Span<float> outputs)
    {
        if (problem == ProblemKind.SingleLabel) TensorPrimitives.SoftMax(logits, outputs);
        else if (problem == ProblemKind.MultiLabel) TensorPrimitives.Sigmoid(logits, outputs);
        else logits.CopyTo(outputs);
    }

    /// <summary>Gets the logits of a sequence.</summary>
    public delegate void Taker(long sequence, ReadOnlySpan<float> logits);

    private static long Rows(IValidationSequences sequences, long first) => Math.Min(Math.Max(1, BatchTokens / sequences.WidthOf(first)), sequences.Count - first);
}
