using Sinter.Checkpoints.Runs;
using Sinter.Models;
using Sinter.Schedules;

namespace Sinter.Monitoring;

/// <summary>One metric of a run over its steps, its tokens or the time its steps took.</summary>
public static class RunCurve
{
    private const string Tokens = "tokens", Examples = "examples";

    /// <summary>What a model's targets are called where they are counted.</summary>
    internal static string TargetsOf(ModelConfig? model) => model is { Head: ModelHead.Classifier } ? Examples : Tokens;

    /// <summary>The metrics that can be drawn.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
        [.. MetricSet.OfEvaluations, "loss", "accuracy", "learning_rate", "gradient_norm", "clip_factor", "penalty", "tokens_per_second"];

    /// <summary>What they can be drawn over.</summary>
    public static IReadOnlyList<string> Axes { get; } = ["step", Tokens, Examples, "time"];

    /// <summary>Reads a curve.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="metric">One of <see cref="Metrics"/>.</param>
    /// <param name="axis">One of <see cref="Axes"/>; <c>time</c> is the seconds of the steps themselves, without evaluation and saving.</param>
    /// <returns>The steps that have the metric, in order.</returns>
    /// <exception cref="CheckpointException">The folder is not that of a run, or has no metrics, or counts others than the axis.</exception>
    public static IReadOnlyList<(double X, double Y)> Read(string run, string metric, string axis)
    {
        string path = RunFolder.Open(run).MetricsPath;
        if (!File.Exists(path)) throw new CheckpointException($"{path}: there is no such file; the run has logged nothing yet.");
        var points = new List<(double, double)>();
        double seconds = 0;
        long tokens = 0;
        foreach (var line in MetricsLine.Read(path))
        {
            if (axis is Tokens or Examples && line.Tokens > 0 && line.CountsExamples != (axis == Examples))
                throw new CheckpointException($"{run}: the run counts {(line.CountsExamples ? Examples : Tokens)}, not {axis}; draw it over those, or over step or time.");
            if (line.Seconds is { } took) seconds += took;
            else if (line.TokensPerSecond is > 0 and { } speed) seconds += (line.Tokens - tokens) / speed;
            tokens = line.Tokens;
            double x = axis switch { Tokens or Examples => line.Tokens, "time" => seconds, _ => line.Step };
            if (Value(line, metric) is { } y) points.Add((x, y));
        }
        return points;
    }

    private static double? Value(in MetricsLine line, string metric) => metric switch
    {
        "validation_loss" => line.ValidationLoss,
        "validation_accuracy" => line.ValidationAccuracy,
        "loss" => line.Loss,
        "accuracy" => line.Accuracy,
        "learning_rate" => line.LearningRate,
        "gradient_norm" => line.GradientNorm,
        "clip_factor" => line.ClipFactor,
        "penalty" => line.Penalty,
        "tokens_per_second" => line.TokensPerSecond,
        _ when MetricSet.OfEvaluations.Contains(metric) => OfTask(line, metric),
        _ => throw new ArgumentException($"There is no metric '{metric}'; there are {string.Join(", ", Metrics)}.", nameof(metric)),
    };

    private static double? OfTask(in MetricsLine line, string metric)
    {
        foreach (var (name, value) in line.Metrics)
            if (name == metric) return value;
        return null;
    }
}
