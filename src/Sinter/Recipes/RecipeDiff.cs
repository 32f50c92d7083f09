using System.Globalization;
using Sinter.Options;

namespace Sinter.Recipes;

/// <summary>A key whose value differs between two recipes.</summary>
/// <param name="Key">The full path, such as <c>training.max_steps</c>.</param>
/// <param name="Old">The value before, as YAML; empty if the key was not there (the keys of another optimizer, say).</param>
/// <param name="New">The value after.</param>
public sealed record RecipeChange(string Key, string Old, string New);

/// <summary>Compares recipes.</summary>
public static class RecipeDiff
{
    /// <summary>The keys whose values differ, in the order of the recipe; <c>resolved</c>, which decides nothing, is not compared.</summary>
    /// <exception cref="RecipeException">One of the recipes is not valid.</exception>
    public static IReadOnlyList<RecipeChange> Compare(Recipe old, Recipe @new)
    {
        var before = Flatten(old);
        var after = Flatten(@new);
        var afterByKey = after.ToDictionary(e => e.Key, e => e.Value);
        var beforeByKey = before.ToDictionary(e => e.Key, e => e.Value);
        return [.. before.Select(e => e.Key).Union(after.Select(e => e.Key))
            .Select(key => new RecipeChange(key, beforeByKey.GetValueOrDefault(key, ""), afterByKey.GetValueOrDefault(key, "")))
            .Where(c => c.Old != c.New)];
    }

    private static List<(string Key, string Value)> Flatten(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate();
        var flat = new List<(string, string)>();
        Flatten(RecipeSchema.Keys.ToNode(recipe), "", flat);
        return flat;
    }

    private static void Flatten(OptionNode map, string path, List<(string, string)> flat)
    {
        foreach (var (key, _, value) in map.Entries)
        {
            string at = OptionReport.Join(path, key);
            if (at == "resolved") continue;
            if (value.Kind == OptionNodeKind.Map) Flatten(value, at, flat);
            else if (value.Items.Any(i => i.Kind == OptionNodeKind.Map)) Flatten(ByIndex(value), at, flat);
            else flat.Add((at, OptionYaml.Inline(value)));
        }
    }

    private static OptionNode ByIndex(OptionNode list) =>
        OptionNode.Map([.. list.Items.Select((item, i) => new OptionEntry(i.ToString(CultureInfo.InvariantCulture), item.Mark, item))]);
}
