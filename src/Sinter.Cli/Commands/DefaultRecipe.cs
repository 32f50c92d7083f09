using Sinter.Recipes;

namespace Sinter.Cli.Commands;

/// <summary>The recipe that <c>sinter train</c> takes when none is named; it lies in the program and reads no file but the SDK's own.</summary>
internal static class DefaultRecipe
{
    private const string Name = "sdk-docs.yaml";

    /// <summary>Its YAML.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(DefaultRecipe).Assembly.GetManifestResourceStream(Name)
                ?? throw new InvalidOperationException($"The program has no {Name}.");
            return new StreamReader(stream).ReadToEnd();
        }
    }

    /// <summary>The recipe with overrides.</summary>
    /// <exception cref="RecipeException">An override is wrong.</exception>
    public static Recipe Read(IReadOnlyList<string> sets) => RecipeReader.Parse(Text, Name, sets);
}
