namespace Sinter.Evaluation;

/// <summary>Predicted numbers against the true ones. Of several numbers an example, each figure is the mean of the numbers', as scikit-learn's <c>uniform_average</c> is.</summary>
public sealed class RegressionErrors
{
    // By number: the squared and absolute errors, and Welford's mean and sum of squared deviations of the truth.
    private readonly double[] _squared, _absolute, _mean, _deviation;

    /// <summary>Nothing added.</summary>
    /// <param name="numbers">Numbers of an example, at least 1.</param>
    public RegressionErrors(int numbers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers, 1);
        (_squared, _absolute, _mean, _deviation) = (new double[numbers], new double[numbers], new double[numbers], new double[numbers]);
    }

    /// <summary>Examples.</summary>
    public long Total { get; private set; }

    /// <summary>Numbers of an example.</summary>
    public int Numbers => _squared.Length;

    /// <summary>The mean squared error; NaN where there is no example, as the others.</summary>
    public double MeanSquaredError => _squared.Average() / Total;

    /// <summary>The mean absolute error.</summary>
    public double MeanAbsoluteError => _absolute.Average() / Total;

    /// <summary>The coefficient of determination: the share of the truth's variance that the predictions explain, 0 for those that are always the mean, and below 0 for
    /// worse ones. Where the truth is always the same it is 1 for predictions without an error, else 0; of fewer than two examples it is NaN.</summary>
    public double R2 => Enumerable.Range(0, Numbers).Average(R2Of);

    /// <summary><see cref="R2"/> of one of the numbers.</summary>
    public double R2Of(int number) => Total < 2 ? double.NaN
        : _deviation[number] > 0 ? 1 - _squared[number] / _deviation[number]
        : _squared[number] == 0 ? 1 : 0;

    /// <summary>Adds an example.</summary>
    public void Add(ReadOnlySpan<float> actual, ReadOnlySpan<float> predicted)
    {
        if (actual.Length != Numbers || predicted.Length != Numbers)
            throw new ArgumentException($"[regression] {actual.Length} and {predicted.Length} numbers; an example has {Numbers}.");
        Total++;
        for (int i = 0; i < Numbers; i++)
        {
            double error = (double)predicted[i] - actual[i], away = actual[i] - _mean[i];
            _squared[i] += error * error;
            _absolute[i] += Math.Abs(error);
            _mean[i] += away / Total;
            _deviation[i] += away * (actual[i] - _mean[i]);
        }
    }
}
