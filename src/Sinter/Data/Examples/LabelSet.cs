namespace Sinter.Data.Examples;

/// <summary>The labels of a task, in the order of their numbers.</summary>
public sealed class LabelSet
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The labels in this order.</summary>
    /// <exception cref="ArgumentException">There is none, or one occurs twice.</exception>
    public LabelSet(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Names = names;
        foreach (string name in names)
            if (!_numbers.TryAdd(name, _numbers.Count)) throw new ArgumentException($"The label '{name}' occurs twice.", nameof(names));
        if (names.Count == 0) throw new ArgumentException("There is no label.", nameof(names));
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many there are.</summary>
    public int Count => Names.Count;

    /// <summary>The number of a label, or −1 for one that is not there.</summary>
    public int NumberOf(string name) => _numbers.GetValueOrDefault(name, -1);

    /// <summary>The labels that occur in examples, in ordinal order.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static LabelSet Of(IEnumerable<Example> examples)
    {
        string[] names = [.. examples.SelectMany(e => e.Labels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return names.Length > 0 ? new LabelSet(names) : throw new DataException("no example has a label; name their column with task.label_column");
    }

    /// <summary>Refuses examples with labels that are not there.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="known">Where the labels are from, for messages.</param>
    /// <exception cref="DataException">There are such; the message names their lines.</exception>
    public void Require(IEnumerable<Example> examples, string known)
    {
        var bad = new BadLines();
        foreach (var example in examples)
            foreach (string label in example.Labels)
                if (NumberOf(label) < 0) bad.Add(example.Place, $"the label '{label}' is none of {known}: {List()}");
        bad.Throw();
    }

    private string List() => Count <= 12 ? string.Join(", ", Names) : $"{string.Join(", ", Names.Take(12))} and {Count - 12} more";
}
