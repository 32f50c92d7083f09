using System.Numerics.Tensors;
using Sinter.Data.Examples;

namespace Sinter.Evaluation;

/// <summary>One label of several: the likeliest is the prediction. Precision, recall and F1 are macro averages.</summary>
/// <param name="labels">Labels.</param>
public sealed class SingleLabelScores(int labels) : IExampleScores
{
    private readonly ConfusionMatrix _matrix = new(labels);

    /// <summary>The names of the figures.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["accuracy", "precision", "recall", "f1", "f1_weighted", "matthews", "informedness", "markedness"];

    /// <inheritdoc/>
    public double Accuracy => _matrix.Accuracy;

    /// <inheritdoc/>
    public ConfusionMatrix Confusion => _matrix;

    /// <inheritdoc/>
    public IReadOnlyList<BinaryCounts> Labels => [.. Enumerable.Range(0, _matrix.Classes).Select(_matrix.Of)];

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Figures
    {
        get
        {
            var seen = _matrix.Seen;
            var macro = AveragedScores.Macro(seen);
            double[] values = [_matrix.Accuracy, macro.Precision, macro.Recall, macro.F1, AveragedScores.Weighted(seen).F1, _matrix.MatthewsCorrelation,
                _matrix.Informedness, _matrix.Markedness];
            return [.. Names.Zip(values, KeyValuePair.Create)];
        }
    }

    /// <inheritdoc/>
    public void Add(EncodedExamples examples, long example, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(examples);
        _matrix.Add(examples.Labels![example], TensorPrimitives.IndexOfMax(outputs));
    }
}
