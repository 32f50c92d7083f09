using Sinter.Options;

namespace Sinter.Recipes;

/// <summary>Writes recipes as resolved.</summary>
public static class RecipeWriter
{
    /// <summary>The recipe as YAML with every key; reading it back gives an equal recipe.</summary>
    /// <exception cref="RecipeException">The recipe is not valid.</exception>
    public static string Write(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate();
        return OptionYaml.Block(RecipeSchema.Keys.ToNode(recipe));
    }

    /// <summary>The value of one key, such as <c>training.batch_size</c>, as YAML on one line; empty where the recipe has no such key.</summary>
    /// <exception cref="RecipeException">The recipe is not valid.</exception>
    public static string Value(Recipe recipe, string key)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(key);
        recipe.Validate();
        OptionNode? node = RecipeSchema.Keys.ToNode(recipe);
        foreach (string part in key.Split('.')) node = node is { Kind: OptionNodeKind.Map } ? node.Find(part)?.Value : null;
        return node is null ? "" : OptionYaml.Inline(node);
    }
}
