namespace Sinter.Evaluation;

/// <summary>Sets of labels against the true sets: counts of each label, and of whole examples. A ratio whose denominator is 0 is 0, as scikit-learn has it; averages go
/// over all labels.</summary>
public sealed class MultiLabelCounts
{
    private readonly BinaryCounts[] _labels;
    private double _precision, _recall, _f1;
    private long _exact, _wrong;

    /// <summary>Nothing counted.</summary>
    /// <param name="labels">Labels, at least 1.</param>
    public MultiLabelCounts(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        _labels = new BinaryCounts[labels];
    }

    /// <summary>Each label against its absence.</summary>
    public IReadOnlyList<BinaryCounts> Labels => _labels;

    /// <summary>Examples.</summary>
    public long Total { get; private set; }

    /// <summary>The share of examples whose set is right to the last label.</summary>
    public double ExactMatch => BinaryCounts.Ratio(_exact, Total);

    /// <summary>The share of wrong decisions among all examples and labels.</summary>
    public double HammingLoss => BinaryCounts.Ratio(_wrong, (double)Total * _labels.Length);

    /// <summary>The mean of each example's scores.</summary>
    public AveragedScores Samples =>
        new(BinaryCounts.Ratio(_precision, Total), BinaryCounts.Ratio(_recall, Total), BinaryCounts.Ratio(_f1, Total));

    /// <summary>Adds an example.</summary>
    /// <param name="actual">[labels], whether it has each.</param>
    /// <param name="predicted">[labels], whether it was predicted to have each.</param>
    public void Add(ReadOnlySpan<bool> actual, ReadOnlySpan<bool> predicted)
    {
        if (actual.Length != _labels.Length || predicted.Length != _labels.Length)
            throw new ArgumentException($"[multi-label] {actual.Length} and {predicted.Length} decisions; there are {_labels.Length} labels.");
        var example = default(BinaryCounts);
        for (int i = 0; i < _labels.Length; i++)
        {
            var one = (actual[i], predicted[i]) switch
            {
                (true, true) => new BinaryCounts(1, 0, 0, 0),
                (false, true) => new BinaryCounts(0, 1, 0, 0),
                (true, false) => new BinaryCounts(0, 0, 1, 0),
                _ => new BinaryCounts(0, 0, 0, 1),
            };
            _labels[i] += one;
            example += one;
        }
        (_precision, _recall, _f1) = (_precision + example.Precision, _recall + example.Recall, _f1 + example.F1);
        long wrong = example.FalsePositives + example.FalseNegatives;
        _wrong += wrong;
        _exact += wrong == 0 ? 1 : 0;
        Total++;
    }
}
