namespace Sinter.Tasks;

/// <summary>How much an example counts by its label.</summary>
public sealed record ClassWeights
{
    /// <summary>Each label counts as much in all as any other: n ÷ (labels · examples of the label), scikit-learn's <c>balanced</c>.</summary>
    public static ClassWeights Balanced { get; } = new();

    /// <summary>The weights by label; labels that are not here have 1. Empty where they are <see cref="Balanced"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Given { get; init; } = [];

    /// <summary>The weight of each label.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="counts">Training examples of each.</param>
    /// <exception cref="RecipeException">A weight is of no label.</exception>
    public float[] Of(IReadOnlyList<string> labels, IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(counts);
        if (ReferenceEquals(this, Balanced))
        {
            double total = counts.Sum();
            return [.. counts.Select(count => count > 0 ? (float)(total / (labels.Count * (double)count)) : 1)];
        }
        foreach (var (label, _) in Given)
            if (!labels.Contains(label))
                throw new RecipeException($"task.class_weights: '{label}' is no label; there are {string.Join(", ", labels.Take(20))}{(labels.Count > 20 ? " …" : "")}");
        return [.. labels.Select(label => (float)Given.Where(g => g.Key == label).Select(g => g.Value).FirstOrDefault(1))];
    }
}
