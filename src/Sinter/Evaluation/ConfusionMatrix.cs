namespace Sinter.Evaluation;

/// <summary>How often examples of each class were predicted to be of each class, and what follows from it.</summary>
/// <remarks>Averages go over the classes that occur in the truth or among the predictions, as scikit-learn's do.</remarks>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts, _actual, _predicted;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">Classes, at least 1.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        (Classes, _counts, _actual, _predicted) = (classes, new long[classes * classes], new long[classes], new long[classes]);
    }

    /// <summary>Classes.</summary>
    public int Classes { get; }

    /// <summary>Examples.</summary>
    public long Total { get; private set; }

    /// <summary>Examples whose prediction was right.</summary>
    public long Correct { get; private set; }

    /// <summary>The share of right predictions.</summary>
    public double Accuracy => BinaryCounts.Ratio(Correct, Total);

    /// <summary>Examples of one class that were predicted to be of another, or the same.</summary>
    public long this[int actual, int predicted] => _counts[actual * Classes + predicted];

    /// <summary>Adds an example.</summary>
    public void Add(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        _counts[actual * Classes + predicted]++;
        _actual[actual]++;
        _predicted[predicted]++;
        Total++;
        if (actual == predicted) Correct++;
    }

    /// <summary>A class against all others.</summary>
    public BinaryCounts Of(int label)
    {
        long right = this[label, label], missed = _actual[label] - right, wrong = _predicted[label] - right;
        return new BinaryCounts(right, wrong, missed, Total - right - missed - wrong);
    }

    /// <summary>The classes that occur in the truth or among the predictions.</summary>
    public IReadOnlyList<BinaryCounts> Seen => [.. Enumerable.Range(0, Classes).Select(Of).Where(c => c.Support + c.Predicted > 0)];

    /// <summary>The correlation of truth and prediction (Matthews, 1975; of several classes: Gorodkin, 2004, R_K); 0 where either is always the same.</summary>
    public double MatthewsCorrelation => BinaryCounts.Ratio(Covariance, Math.Sqrt(Variance(_actual)) * Math.Sqrt(Variance(_predicted)));

    /// <summary>The mean of the classes' informedness by the variance of the truth about each: the slope of the predictions over the truth (Powers, 2011, on
    /// regression coefficients). Its product with <see cref="Markedness"/> is the square of the correlation.</summary>
    public double Informedness => BinaryCounts.Ratio(Covariance, Variance(_actual));

    /// <summary>The mean of the classes' markedness by the variance of the predictions about each: the slope of the truth over the predictions.</summary>
    public double Markedness => BinaryCounts.Ratio(Covariance, Variance(_predicted));

    private double Covariance
    {
        get
        {
            double expected = 0;
            for (int i = 0; i < Classes; i++) expected += (double)_actual[i] * _predicted[i];
            return (double)Correct * Total - expected;
        }
    }

    private double Variance(long[] counts) => (double)Total * Total - counts.Sum(c => (double)c * c);
}
