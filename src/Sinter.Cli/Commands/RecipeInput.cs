using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Cli.Shell;
using Sinter.Recipes;
using Sinter.Tasks;

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

    /// <summary>Reads its data, showing progress on standard error.</summary>
    public static TaskData Data(Recipe recipe, ModelSource source, CancellationToken cancellation)
    {
        var input = TaskInput.Of(recipe.Data, recipe.Training, source) with
        {
            Logger = WarningLogger.Instance,
            Progress = Reading(),
        };
        var data = recipe.Task.Create().Read(input, cancellation);
        Messages.EndProgress();
        return data;
    }

    /// <summary>Shows how far the reading of a text is, on standard error.</summary>
    public static Reporter<(string What, double? Done)> Reading() =>
        new(p => Messages.Progress(p.Done is { } done ? $"{p.What} {(int)(100 * done)} %" : p.What));
}
