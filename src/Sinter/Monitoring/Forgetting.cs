using Sinter.Evaluation;

namespace Sinter.Monitoring;

/// <summary>How a model did on the data that it had learned before: when the run began, and at its end.</summary>
/// <param name="LossBefore">Mean loss at the first evaluation.</param>
/// <param name="LossAfter">Mean loss at the last one.</param>
/// <param name="AccuracyBefore">Share of right tokens at the first.</param>
/// <param name="AccuracyAfter">Share of right tokens at the last.</param>
/// <param name="Step">The last one's step.</param>
public sealed record Forgetting(double LossBefore, double LossAfter, double AccuracyBefore, double AccuracyAfter, long Step)
{
    /// <summary>The figures of a run with <c>data.replay</c>; null where there are none, or only one evaluation.</summary>
    /// <param name="lines">The run's metrics, in order.</param>
    public static Forgetting? Of(IEnumerable<MetricsLine> lines)
    {
        var measured = lines.Where(l => Find(l, OldDataEvaluator.Loss) is not null).ToList();
        return measured is [var first, .., var last]
            ? new Forgetting(Value(first, OldDataEvaluator.Loss), Value(last, OldDataEvaluator.Loss), Value(first, OldDataEvaluator.Accuracy), Value(last, OldDataEvaluator.Accuracy), last.Step)
            : null;
    }

    private static double Value(in MetricsLine line, string name) => Find(line, name) ?? double.NaN;

    private static double? Find(in MetricsLine line, string name)
    {
        foreach (var (key, value) in line.Metrics)
            if (key == name) return value;
        return null;
    }
}
