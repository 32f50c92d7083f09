using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Recipes;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter recipe</c>: the keys of recipes, the default recipe, the schema.</summary>
internal static class RecipeCommand
{
    private static readonly Argument<string> Search =
        new("KEY") { Description = "Show only keys that contain this, such as schedule.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Default =
        new("--default") { Description = "Print the recipe that `sinter train` takes when none is named." };
    private static readonly Option<bool> Schema = new("--schema") { Description = "Print the JSON schema of recipes, for editors." };

    public static Command Create()
    {
        var command = new ExampleCommand("recipe", "Show every key of a recipe with its type, range, default and meaning.",
            "sinter recipe training", "sinter recipe --default > my.yaml") { Search, Default, Schema };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var output = StandardOutput.Open();
        if (parsed.GetValue(Default)) output.Write(DefaultRecipe.Text);
        else if (parsed.GetValue(Schema)) output.Write(RecipeSchema.ToJson());
        else return ShowKeys(output, parsed.GetValue(Search)!);
        return ExitCode.Success;
    }

    private static int ShowKeys(TextWriter output, string search)
    {
        var found = RecipeSchema.Describe().Where(d => d.Path.Contains(search, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0) throw new UsageException($"No key of a recipe contains '{search}'. `{Invocation.Command} recipe` shows all.");
        foreach (var key in found)
        {
            string range = key.Range.Length > 0 ? $", {key.Range}" : "";
            output.WriteLine($"{key.Path}: {key.Type}{range}; {(key.Default.Length > 0 ? $"default {key.Default}" : "required")}");
            output.WriteLine("    " + key.Description);
        }
        return ExitCode.Success;
    }
}
