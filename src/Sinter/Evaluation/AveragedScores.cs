namespace Sinter.Evaluation;

/// <summary>Precision, recall and F1 of several classes in one figure each, by scikit-learn's definitions.</summary>
/// <param name="Precision">Averaged precision.</param>
/// <param name="Recall">Averaged recall.</param>
/// <param name="F1">Averaged F1, which is not the F1 of the two averages.</param>
public readonly record struct AveragedScores(double Precision, double Recall, double F1)
{
    /// <summary>The mean over classes, each counting as much as any other.</summary>
    public static AveragedScores Macro(IReadOnlyCollection<BinaryCounts> classes) => Mean(classes, _ => 1);

    /// <summary>The mean over classes, each counting by its examples.</summary>
    public static AveragedScores Weighted(IReadOnlyCollection<BinaryCounts> classes) => Mean(classes, c => c.Support);

    /// <summary>The scores of all decisions together. With one label an example, all three are the accuracy.</summary>
    public static AveragedScores Micro(IReadOnlyCollection<BinaryCounts> classes)
    {
        var all = classes.Aggregate(default(BinaryCounts), (sum, c) => sum + c);
        return new AveragedScores(all.Precision, all.Recall, all.F1);
    }

    private static AveragedScores Mean(IReadOnlyCollection<BinaryCounts> classes, Func<BinaryCounts, double> weight)
    {
        double sum = classes.Sum(weight);
        return new AveragedScores(
            BinaryCounts.Ratio(classes.Sum(c => weight(c) * c.Precision), sum),
            BinaryCounts.Ratio(classes.Sum(c => weight(c) * c.Recall), sum),
            BinaryCounts.Ratio(classes.Sum(c => weight(c) * c.F1), sum));
    }
}
