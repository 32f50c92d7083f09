using System.Text;

namespace Sinter.Checkpoints;

/// <summary>Compares the weights that a model needs with those found.</summary>
public static class WeightCheck
{
    private const int MostShown = 20;

    /// <summary>Passes when both hold the same names with the same shapes.</summary>
    /// <param name="source">Where the weights were found, for the message.</param>
    /// <param name="expected">The weights needed, such as <see cref="ModelWeights.PlanFile"/> gives.</param>
    /// <param name="found">The weights found.</param>
    /// <exception cref="CheckpointException">Some differ; the message lists what is missing, extra and of another shape, up to 20 of
    /// each.</exception>
    public static void Compare(string source, IEnumerable<WeightSpec> expected, IEnumerable<WeightSpec> found)
    {
        Dictionary<string, WeightSpec> have = found.ToDictionary(w => w.Name, StringComparer.Ordinal);
        var missing = new List<string>();
        var misshaped = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightSpec want in expected)
        {
            known.Add(want.Name);
            if (!have.TryGetValue(want.Name, out WeightSpec? got))
                missing.Add($"{want.Name} {Quoted.Shape(want.Shape)}");
            else if (!got.Shape.AsSpan().SequenceEqual(want.Shape))
                misshaped.Add($"{want.Name}: expected {Quoted.Shape(want.Shape)}, found {Quoted.Shape(got.Shape)}");
        }
        List<string> extra = [.. have.Values.Where(w => !known.Contains(w.Name)).Select(w => $"{Quoted.Name(w.Name)} {Quoted.Shape(w.Shape)}")];
        if (missing.Count + misshaped.Count + extra.Count == 0)
            return;
        var message = new StringBuilder($"{source}: its weights do not fit its config.json.");
        List(message, "missing", missing);
        List(message, "of another shape", misshaped);
        List(message, "not part of the model", extra);
        message.Append("\nCheck that config.json and the weights belong together and that the copy is complete.");
        throw new CheckpointException(message.ToString());
    }

    private static void List(StringBuilder message, string title, List<string> items)
    {
        if (items.Count == 0)
            return;
        message.Append($"\n  {title} ({items.Count}):");
        foreach (string item in items.Take(MostShown))
            message.Append($"\n    {item}");
        if (items.Count > MostShown)
            message.Append($"\n    … and {items.Count - MostShown} more");
    }
}
