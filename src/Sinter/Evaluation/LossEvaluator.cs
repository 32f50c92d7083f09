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

/// <summary>The loss of a model over windows of text, without gradients.</summary>
/// <param name="model">The model.</param>
/// <param name="windows">The text.</param>
public sealed class LossEvaluator(CausalLanguageModel model, ValidationWindows windows)
{
    private const int BatchTokens = 4096;

    /// <summary>Evaluates all windows.</summary>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Evaluation Evaluate(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var device = model.Device;
        using var pause = device.Tape.Pause();
        int batch = (int)Math.Clamp(BatchTokens / windows.ContextLength, 1, windows.Count);
        using var hold = windows.Count > batch ? device.HoldWeights() : null;
        double sum = 0;
        long targets = 0, correct = 0;
        for (long first = 0; first < windows.Count; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = device.Scope("evaluation");
            var shape = new Shape(Math.Min(batch, windows.Count - first), windows.ContextLength);
            Tensor inputs = device.Empty(shape, DType.Int32), wanted = device.Empty(shape, DType.Int32);
            windows.Fill(first, inputs.Int32Span, wanted.Int32Span);
            var result = model.Loss(inputs, wanted, 0, default(ForwardContext));
            sum += result.Sum;
            targets += result.Targets;
            correct += result.Correct;
            progress?.Report((double)(first + shape[0]) / windows.Count);
        }
        return new Evaluation(sum / targets, (double)correct / targets, targets);
    }
}
