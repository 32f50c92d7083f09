namespace Sinter.Evaluation;

/// <summary>One class against all others: what was predicted and what is true. A ratio whose denominator is 0 is 0, as scikit-learn has it.</summary>
/// <param name="TruePositives">Examples of the class that were predicted to be of it.</param>
/// <param name="FalsePositives">Examples of others that were predicted to be of it.</param>
/// <param name="FalseNegatives">Examples of the class that were predicted to be of others.</param>
/// <param name="TrueNegatives">Examples of others that were predicted to be of others.</param>
public readonly record struct BinaryCounts(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Examples of the class.</summary>
    public long Support => TruePositives + FalseNegatives;

    /// <summary>Examples that were predicted to be of the class.</summary>
    public long Predicted => TruePositives + FalsePositives;

    /// <summary>All examples.</summary>
    public long Total => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    /// <summary>Of those predicted, the share that is right.</summary>
    public double Precision => Ratio(TruePositives, Predicted);

    /// <summary>Of the class, the share that was found.</summary>
    public double Recall => Ratio(TruePositives, Support);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * TruePositives, Predicted + Support);

    /// <summary>Recall of the class + recall of the others − 1 (Powers, 2011): how much the prediction knows of the truth. 0 where all examples are of one kind.</summary>
    public double Informedness => Ratio(Covariance, (double)Support * (Total - Support));

    /// <summary>Precision of the class + precision of the others − 1 (Powers, 2011): how much the truth shows in the prediction. 0 where all predictions are of one
    /// kind.</summary>
    public double Markedness => Ratio(Covariance, (double)Predicted * (Total - Predicted));

    /// <summary>The counts of two classes together, for micro averages.</summary>
    public static BinaryCounts operator +(BinaryCounts a, BinaryCounts b) => new(a.TruePositives + b.TruePositives, a.FalsePositives + b.FalsePositives,
        a.FalseNegatives + b.FalseNegatives, a.TrueNegatives + b.TrueNegatives);

    private double Covariance => (double)TruePositives * Total - (double)Support * Predicted;

    internal static double Ratio(double numerator, double denominator) => denominator == 0 ? 0 : numerator / denominator;
}
