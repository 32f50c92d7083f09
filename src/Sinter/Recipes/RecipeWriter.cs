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
}
