using Sinter.Options;

namespace Sinter.Tasks;

/// <summary>The options of a task: what the model learns to do.</summary>
public abstract class TaskOptions : INamedOptions
{
    /// <summary>The task's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Whether <c>data.validation</c> may name files to validate with.</summary>
    public virtual bool TakesValidationFiles => false;

    /// <summary>What evaluations measure beside the loss, by the names of <c>metrics.jsonl</c> without <c>validation_</c>.</summary>
    public virtual IReadOnlyList<string> Metrics => ["accuracy"];

    /// <summary>The metric by which evaluations are compared where nothing is said, by its name in <c>metrics.jsonl</c>.</summary>
    public virtual string MainMetric => "validation_loss";

    /// <summary>The task of these options.</summary>
    public abstract ITask Create();

    /// <summary>What is wrong with a metric that evaluations of the task do not give, or null.</summary>
    internal string? MetricError(string metric)
    {
        const string prefix = "validation_";
        if (!metric.StartsWith(prefix, StringComparison.Ordinal) || metric == "validation_loss" || Metrics.Contains(metric[prefix.Length..])) return null;
        return $"evaluations of the task {Name} give no {metric}; they give validation_loss, {string.Join(", ", Metrics.Select(m => prefix + m))}";
    }
}
