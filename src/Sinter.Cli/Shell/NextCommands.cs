using Sinter.Cli.Terminal;
using Sinter.Recipes;
using Sinter.Text;
using Sinter.Training;

namespace Sinter.Cli.Shell;

/// <summary>Commands to go on with, ready to be copied.</summary>
internal static class NextCommands
{
    /// <summary>Where a complete run is, and what can be done with it.</summary>
    public static IEnumerable<string> OfComplete(string folder, long step, Recipe? recipe)
    {
        var closing = new Closing(Invocation.Command, Directory.GetCurrentDirectory());
        if (recipe is not null) closing.On(new TextSampled(step, recipe.Sample.Prompt, ""));
        return closing.Lines(new RunCompleted(step, folder, 0));
    }

    /// <summary>How to go on with a run that is not complete.</summary>
    public static string OfStopped(string folder, long step) =>
        new Closing(Invocation.Command, Directory.GetCurrentDirectory()).Lines(new RunStopped(step, folder))[^1];

    /// <summary>How to generate with a model; the prompt is one that its tokenizer knows.</summary>
    public static string OfModel(string folder, ITokenizer? tokenizer)
    {
        string? prompt = ((string[])["The", "the", "a"]).FirstOrDefault(p => tokenizer is not null && Knows(tokenizer, p));
        string shown = folder.Contains(' ', StringComparison.Ordinal) ? $"\"{folder}\"" : folder;
        return $"  {Invocation.Command} generate {shown} {(prompt is null ? "--tokens 1,2,3" : $"--prompt \"{prompt}\"")}";
    }

    private static bool Knows(ITokenizer tokenizer, string prompt)
    {
        try
        {
            return tokenizer.Encode(prompt).Length > 0;
        }
        catch (DataException)
        {
            return false;
        }
    }
}
