using Sinter.Data;
using Sinter.Models;
using Sinter.Tensors.Ops;

namespace Sinter.Evaluation;

/// <summary>The loss of a model over sequences of text, without gradients.</summary>
/// <param name="model">The model.</param>
/// <param name="sequences">The text.</param>
public sealed class LossEvaluator(ITrainedModel model, IValidationSequences sequences) : IEvaluator
{
    private const int BatchTokens = 1024;

    /// <summary>Sequences of a length that are computed at a time.</summary>
    internal static int BatchOf(int width) => Math.Max(1, BatchTokens / width);

    /// <inheritdoc/>
    public Evaluation Evaluate(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var device = model.Device;
        using var pause = device.Tape.Pause();
        using var hold = Rows(0) < sequences.Count ? device.HoldWeights() : null;
        double sum = 0;
        long targets = 0, correct = 0;
        for (long first = 0, count; first < sequences.Count; first += count)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = device.Scope("evaluation");
            count = Rows(first);
            var batch = SequenceBatch.Empty(device, sequences, (int)count, sequences.WidthOf(first));
            for (int row = 0; row < count; row++) batch.Fill(row, sequences, first + row);
            var result = model.Loss(batch, new CrossEntropyOptions(), default);
            sum += result.Sum;
            targets += result.Targets;
            correct += result.Correct;
            progress?.Report((double)(first + count) / sequences.Count);
        }
        return new Evaluation(sum / targets, (double)correct / targets, targets);
    }

    /// <summary>The sequences of a batch of about so many positions; the first one is the longest, or all are as long.</summary>
    private long Rows(long first) => Math.Min(BatchOf(sequences.WidthOf(first)), sequences.Count - first);
}
