using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>Which of two values of a metric is the better one.</summary>
/// <param name="metric">The metric.</param>
/// <param name="mode"><c>min</c>, <c>max</c>, or <c>auto</c>, which is what the metric's kind says.</param>
internal sealed class MetricOrder(string metric, string mode)
{
    private readonly bool _higher = mode == "max" || (mode == "auto" && MetricSet.IsHigherBetter(metric));

    /// <summary>The names of modes.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["auto", "min", "max"];

    /// <summary>Whether <paramref name="value"/> is better than the best so far by more than a change; NaN is never better, and anything else better than NaN.</summary>
    public bool IsBetter(double value, double best, double change = 0) =>
        double.IsNaN(best) ? !double.IsNaN(value) : _higher ? value > best + change : value < best - change;

    /// <summary>Metric and direction, as states keep them.</summary>
    public override string ToString() => $"{(_higher ? "max" : "min")} {metric}";
}
