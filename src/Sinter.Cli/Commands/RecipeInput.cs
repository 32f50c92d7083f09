using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Data;
using Sinter.Recipes;

namespace Sinter.Cli.Commands;

/// <summary>The recipe that a command is about.</summary>
internal static class RecipeInput
{
    /// <summary>Its file.</summary>
    public static Argument<string?> File() => new("RECIPE.yaml")
    {
        Description = "The recipe; without it, the one that `sinter train` takes when none is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>What is changed in it.</summary>
    public static Option<string[]> Set() =>
        new("--set") { Description = "Replace a value of the recipe; can be given more than once.", HelpName = "KEY=VALUE" };

    /// <summary>Reads it.</summary>
    public static Recipe Read(string? path, string[]? sets) => path is null ? DefaultRecipe.Read(sets ?? []) : RecipeReader.Read(path, sets ?? []);

    /// <summary>Reads its text, showing progress on standard error.</summary>
    public static TokenCorpus Corpus(Recipe recipe, CancellationToken cancellation)
    {
        var corpus = CorpusBuilder.Build(recipe.Data, Directory.GetCurrentDirectory(), WarningLogger.Instance, Reading(), cancellation);
        Messages.EndProgress();
        return corpus;
    }

    /// <summary>Shows how far the reading of a text is, on standard error.</summary>
    public static Reporter<(string What, double? Done)> Reading() =>
        new(p => Messages.Progress(p.Done is { } done ? $"{p.What} {(int)(100 * done)} %" : p.What));
}
