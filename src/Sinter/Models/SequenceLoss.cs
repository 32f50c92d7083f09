using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>What a <see cref="SequenceClassifier"/> minimizes.</summary>
public abstract class SequenceLoss
{
    /// <summary>The loss of a batch's texts.</summary>
    /// <param name="features">What the head's last map reads, [B, C].</param>
    /// <param name="output">The last map, to K numbers.</param>
    /// <param name="labels">int32 [B]: the label of each text, or the ignored target.</param>
    /// <param name="values">float32 [B, K], or none.</param>
    /// <param name="options">Count of texts of the whole global batch, label smoothing.</param>
    /// <param name="context">Training or not, step and sample.</param>
    public abstract CrossEntropyResult Of(Tensor features, Linear output, Tensor labels, Tensor values, in CrossEntropyOptions options,
        in ForwardContext context);

    /// <summary>The same where every output is 0, as of a model that claims nothing.</summary>
    internal abstract CrossEntropyResult OfZeros(Device device, int outputs, Tensor labels, Tensor values);

    /// <summary>The loss that transformers takes for a problem: cross entropy, binary cross entropy, or the mean squared error.</summary>
    public static SequenceLoss For(ProblemKind problem) => problem switch
    {
        ProblemKind.MultiLabel => new NumberLoss(ElementLossKind.BinaryCrossEntropy),
        ProblemKind.Regression => new NumberLoss(ElementLossKind.SquaredError),
        _ => new LabelLoss(),
    };
}

/// <summary>The cross entropy of one label of several.</summary>
/// <param name="classWeights">A factor for each label, not negative; null is 1. The divisor stays the count of texts: see
/// <see cref="CrossEntropyOptions.ClassWeights"/>.</param>
public sealed class LabelLoss(IReadOnlyList<float>? classWeights = null) : SequenceLoss
{
    private readonly float[]? _classWeights = classWeights is null ? null : [.. classWeights];

    /// <inheritdoc/>
    public override CrossEntropyResult Of(Tensor features, Linear output, Tensor labels, Tensor values, in CrossEntropyOptions options,
        in ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(output);
        var weighted = _classWeights is null ? options : options with { ClassWeights = features.Device.From(_classWeights) };
        return output.Adapter is { IsMerged: false }
            ? Op.LinearCrossEntropy(output.Forward(features, context), Unit(features.Device, output.Outputs), labels, weighted)
            : Op.LinearCrossEntropy(features, output.Weight, labels, weighted, output.Bias);
    }

    /// <inheritdoc/>
    internal override CrossEntropyResult OfZeros(Device device, int outputs, Tensor labels, Tensor values)
    {
        double weights = 0;
        foreach (int label in labels.Int32Span) weights += _classWeights?[label] ?? 1;
        return new CrossEntropyResult(default, weights * Math.Log(outputs), labels.Count, 0);
    }

    /// <summary>The unit matrix, for logits that are there already.</summary>
    private static Tensor Unit(Device device, int size)
    {
        var unit = device.Zeros(new Shape(size, size));
        for (int i = 0; i < size; i++) unit.Span[i * (size + 1)] = 1;
        return unit;
    }
}

/// <summary>The distance of the head's outputs from numbers: regression, and labels that do not exclude each other.</summary>
/// <param name="kind">The distance.</param>
/// <param name="isSum">Whether distances are added up and not divided by the count of texts and numbers.</param>
/// <param name="delta">Huber's δ.</param>
/// <param name="weights">A factor for each number; null is 1.</param>
public sealed class NumberLoss(ElementLossKind kind, bool isSum = false, float delta = 1, IReadOnlyList<float>? weights = null) : SequenceLoss
{
    private readonly float[]? _weights = weights is null ? null : [.. weights];

    /// <inheritdoc/>
    public override CrossEntropyResult Of(Tensor features, Linear output, Tensor labels, Tensor values, in CrossEntropyOptions options,
        in ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (values.IsNone) throw new ArgumentException("[sequence_classifier] this loss compares numbers, and the batch has none (SequenceBatch.Values).");
        return Compare(output.Forward(features, context), values, options.TargetCount);
    }

    /// <inheritdoc/>
    internal override CrossEntropyResult OfZeros(Device device, int outputs, Tensor labels, Tensor values) =>
        Compare(device.Zeros(new Shape(labels.Count, outputs)), values, 0);

    private CrossEntropyResult Compare(Tensor made, Tensor values, long rows) => Op.ElementLoss(made, values, new ElementLossOptions
    {
            Kind = kind,
            Delta = delta,
            IsSum = isSum,
            RowCount = rows,
            Weights = _weights is null ? default : made.Device.From(_weights),
    });
}
