using System.Text;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.Weights;

/// <summary>How the weights found differ from those a model needs.</summary>
/// <param name="Missing">Needed, and not found.</param>
/// <param name="Misshaped">Found in another shape: needed and found.</param>
/// <param name="Extra">Found, and not needed.</param>
public sealed record WeightDifferences(
    IReadOnlyList<WeightSpec> Missing, IReadOnlyList<(WeightSpec Needed, WeightSpec Found)> Misshaped, IReadOnlyList<WeightSpec> Extra)
{
    private const int MostShown = 20;

    /// <summary>None.</summary>
    public static WeightDifferences None { get; } = new([], [], []);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Missing.Count + Misshaped.Count + Extra.Count == 0;

    /// <summary>The names of the weights that keep their initial values: those missing and those of another shape.</summary>
    public IEnumerable<string> NotLoaded => Missing.Select(w => w.Name).Concat(Misshaped.Select(m => m.Needed.Name));

    /// <summary>Finds the differences.</summary>
    /// <param name="needed">The weights needed, such as <see cref="ModelWeights.PlanFile"/> gives.</param>
    /// <param name="found">The weights found.</param>
    public static WeightDifferences Of(IEnumerable<WeightSpec> needed, IEnumerable<WeightSpec> found)
    {
        Dictionary<string, WeightSpec> have = found.ToDictionary(w => w.Name, StringComparer.Ordinal);
        var missing = new List<WeightSpec>();
        var misshaped = new List<(WeightSpec, WeightSpec)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightSpec want in needed)
        {
            known.Add(want.Name);
            if (!have.TryGetValue(want.Name, out WeightSpec? got)) missing.Add(want);
            else if (!got.Shape.AsSpan().SequenceEqual(want.Shape)) misshaped.Add((want, got));
        }
        return new(missing, misshaped, [.. have.Values.Where(w => !known.Contains(w.Name))]);
    }

    /// <summary>Whether <paramref name="matching"/> lets these pass.</summary>
    public bool Pass(WeightMatching matching) => matching switch
    {
        WeightMatching.AllowAny => true,
        WeightMatching.AllowMissing => Misshaped.Count + Extra.Count == 0,
        WeightMatching.AllowExtra => Missing.Count + Misshaped.Count == 0,
        _ => IsEmpty,
    };

    /// <summary>The lists, up to 20 names of each, a line each; empty when there are no differences.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        List(text, "missing", Missing.Select(w => $"{w.Name} {Quoted.Shape(w.Shape)}"), Missing.Count);
        List(text, "of another shape", Misshaped.Select(m => $"{m.Needed.Name}: expected {Quoted.Shape(m.Needed.Shape)}, found {Quoted.Shape(m.Found.Shape)}"), Misshaped.Count);
        List(text, "not part of the model", Extra.Select(w => $"{Quoted.Name(w.Name)} {Quoted.Shape(w.Shape)}"), Extra.Count);
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> items, int count)
    {
        if (count == 0) return;
        text.Append($"\n  {title} ({count}):");
        foreach (string item in items.Take(MostShown)) text.Append($"\n    {item}");
        if (count > MostShown) text.Append($"\n    … and {count - MostShown} more");
    }
}
