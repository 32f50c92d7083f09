using System.Globalization;
using System.Text.RegularExpressions;
using Sinter.Options;
using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>A condition on a metric: <c>validation_loss &gt; 5</c>, <c>accuracy &gt;= 0.98 for 3 times in a row</c>, <c>penalty not finite</c>.</summary>
/// <param name="Metric">The metric, by its name in <c>metrics.jsonl</c>.</param>
/// <param name="Comparison"><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> or <c>not finite</c>.</param>
/// <param name="Limit">What the metric is compared with; 0 for <c>not finite</c>.</param>
/// <param name="Times">How often in a row it has to hold.</param>
public sealed partial record Condition(string Metric, string Comparison, double Limit, int Times)
{
    private const string Expected = "expected a metric, one of < <= > >= and a number, such as validation_loss > 5, or a metric and not finite; "
        + "'for 3 times in a row' may follow";

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static Condition Parse(string text) => TryParse(text, out var condition) is { } error ? throw new FormatException(error) : condition!;

    /// <summary>What is wrong with a condition, or null.</summary>
    public static string? Error(string text) => TryParse(text, out _);

    /// <summary>What is wrong with the name of a metric, or null.</summary>
    public static string? MetricError(string name) => MetricSet.Names.Contains(name) ? null
        : $"'{name}' is no metric{(Suggestion.Nearest(name, MetricSet.Names) is { } near ? $"; did you mean {near}?" : $"; there are {string.Join(", ", MetricSet.Names)}")}";

    /// <summary>Whether it holds for a value. A comparison with NaN does not.</summary>
    public bool Holds(double value) => Comparison switch
    {
        "<" => value < Limit,
        "<=" => value <= Limit,
        ">" => value > Limit,
        ">=" => value >= Limit,
        _ => !double.IsFinite(value),
    };

    /// <summary>The condition without its repetitions, as it would be written.</summary>
    public override string ToString() =>
        Comparison == "not finite" ? $"{Metric} not finite" : string.Create(CultureInfo.InvariantCulture, $"{Metric} {Comparison} {Limit}");

    private static string? TryParse(string text, out Condition? condition)
    {
        condition = null;
        var match = Form().Match(text);
        if (!match.Success) return Expected;
        string metric = match.Groups["metric"].Value, comparison = match.Groups["comparison"].Value, times = match.Groups["times"].Value;
        if (MetricError(metric) is { } unknown) return unknown;
        double limit = 0;
        if (comparison.Length == 0) comparison = "not finite";
        else if (!double.TryParse(match.Groups["limit"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out limit) || !double.IsFinite(limit))
            return $"'{match.Groups["limit"].Value}' is no finite number; {Expected}";
        int count = 1;
        if (times.Length > 0 && (!int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1)) return $"'{times}' times must be at least 1";
        condition = new Condition(metric, comparison, limit, count);
        return null;
    }

    [GeneratedRegex(@"^\s*(?<metric>\w+)\s*(?:(?<comparison>[<>]=?)\s*(?<limit>[^\s<>=]+)|\s(?:is\s+)?not\s+finite)(?:\s+for\s+(?<times>\d+)\s+times?(?:\s+in\s+a\s+row)?)?\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
