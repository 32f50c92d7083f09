using Sinter.Data.Examples;

namespace Sinter.Evaluation;

/// <summary>Labels that an example may have any number of: those at or above a probability are predicted. Accuracy is the share of sets that are right to the last label;
/// precision, recall and F1 are macro averages.</summary>
/// <param name="labels">Labels.</param>
/// <param name="threshold">The least probability of a label that is predicted.</param>
public sealed class LabelSetScores(int labels, double threshold) : IExampleScores
{
    private readonly MultiLabelCounts _counts = new(labels);
    private readonly bool[] _actual = new bool[labels], _predicted = new bool[labels];

    /// <summary>The names of the figures.</summary>
    public static IReadOnlyList<string> Names { get; } = ["accuracy", "precision", "recall", "f1", "f1_micro", "f1_weighted", "f1_samples", "hamming_loss"];

    /// <inheritdoc/>
    public double Accuracy => _counts.ExactMatch;

    /// <inheritdoc/>
    public IReadOnlyList<BinaryCounts> Labels => _counts.Labels;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Figures
    {
        get
        {
            var macro = AveragedScores.Macro(_counts.Labels);
            double[] values = [_counts.ExactMatch, macro.Precision, macro.Recall, macro.F1, AveragedScores.Micro(_counts.Labels).F1,
                AveragedScores.Weighted(_counts.Labels).F1, _counts.Samples.F1, _counts.HammingLoss];
            return [.. Names.Zip(values, KeyValuePair.Create)];
        }
    }

    /// <inheritdoc/>
    public void Add(EncodedExamples examples, long example, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var values = examples.ValuesOf(example);
        for (int i = 0; i < _actual.Length; i++) (_actual[i], _predicted[i]) = (values[i] > 0.5f, outputs[i] >= threshold);
        _counts.Add(_actual, _predicted);
    }
}
