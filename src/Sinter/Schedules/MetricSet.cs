namespace Sinter.Schedules;

/// <summary>What a step logged, by the names of <c>metrics.jsonl</c>. One set serves the whole run.</summary>
public sealed class MetricSet
{
    private readonly double?[] _values = new double?[Names.Count];

    /// <summary>The names there are.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "loss", "accuracy", "learning_rate", "gradient_norm", "clip_factor", "penalty", "smoothed_loss", "z_loss", "tokens_per_second", "batch_size", "padding",
        "validation_loss", "validation_accuracy", "validation_precision", "validation_recall", "validation_f1", "validation_f1_micro", "validation_f1_weighted",
        "validation_f1_samples", "validation_matthews", "validation_informedness", "validation_markedness", "validation_hamming_loss", "validation_r2", "validation_mse",
        "validation_mae", "validation_old_loss", "validation_old_accuracy",
    ];

    /// <summary>The names of what evaluations measure.</summary>
    public static IReadOnlyList<string> OfEvaluations { get; } = [.. Names.Where(n => n.StartsWith("validation_", StringComparison.Ordinal))];

    /// <summary>Whether these are the metrics of an evaluation rather than of a step.</summary>
    public bool IsEvaluation => TryGet("validation_loss", out _);

    /// <summary>Whether a higher value of a metric is the better one: accuracies, scores and speed; of losses and errors the lower.</summary>
    public static bool IsHigherBetter(string name) =>
        name is "accuracy" or "tokens_per_second" || (OfEvaluations.Contains(name)
            && name is not ("validation_loss" or "validation_old_loss" or "validation_hamming_loss" or "validation_mse" or "validation_mae"));

    /// <summary>The value of a metric, if this step has it.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public bool TryGet(string name, out double value)
    {
        var found = _values[Index(name)];
        value = found ?? double.NaN;
        return found is not null;
    }

    internal void Clear() => Array.Clear(_values);

    internal void Set(string name, double? value) => _values[Index(name)] = value;

    private static int Index(string name)
    {
        for (int i = 0; i < Names.Count; i++)
            if (Names[i] == name) return i;
        throw new ArgumentException($"There is no metric '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }
}
