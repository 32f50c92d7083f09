using Sinter.Data;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">Mean cross entropy in nats per target.</param>
/// <param name="Accuracy">Share of targets that were the likeliest token.</param>
/// <param name="Targets">Targets.</param>
public readonly record struct Evaluation(double Loss, double Accuracy, long Targets)
{
    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>Bits per byte of a text of <paramref name="bytes"/> UTF-8 bytes.</summary>
    public double BitsPerByte(long bytes) => Loss * Targets / Math.Log(2) / bytes;
}

/// <summary>The loss of a model over sequences of text, without gradients.</summary>
/// <param name="model">The model.</param>
/// <param name="sequences">The text.</param>
public sealed class LossEvaluator(CausalLanguageModel model, IValidationSequences sequences)
{
    private const int BatchTokens = 4096;

    /// <summary>Sequences of a length that are computed at a time.</summary>
    internal static int BatchOf(int width) => Math.Max(1, BatchTokens / width);

    /// <summary>Evaluates all sequences.</summary>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
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
            var shape = new Shape(count, sequences.WidthOf(first));
            Tensor inputs = device.Empty(shape, DType.Int32), wanted = device.Empty(shape, DType.Int32);
            for (int row = 0; row < count; row++) sequences.Fill(first + row, Row(inputs, row), Row(wanted, row));
            var result = model.Loss(inputs, wanted, 0, default(ForwardContext));
            sum += result.Sum;
            targets += result.Targets;
            correct += result.Correct;
            progress?.Report((double)(first + count) / sequences.Count);
        }
        return new Evaluation(sum / targets, (double)correct / targets, targets);
    }

    private static Span<int> Row(Tensor tokens, int row) => tokens.Int32Span.Slice(row * (int)tokens.Shape[1], (int)tokens.Shape[1]);

    /// <summary>The sequences of a batch of about so many positions; the first one is the longest, or all are as long.</summary>
    private long Rows(long first) => Math.Min(BatchOf(sequences.WidthOf(first)), sequences.Count - first);
}
