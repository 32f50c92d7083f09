using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sinter.Checkpoints.Runs;
using Sinter.Cli.Shell;
using Sinter.Cli.Terminal;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Recipes;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string?> RecipePath = new("RECIPE.yaml")
    {
        Description = "What to train; without it, a small GPT on the .NET SDK's own documentation.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Set =
        new("--set") { Description = "Replace a value of the recipe; can be given more than once.", HelpName = "KEY=VALUE" };
    private static readonly Option<string?> Run =
        new("--run") { Description = "The run's folder [default: a new one, ./runs/NAME-TIME].", HelpName = "DIR" };

    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with --run DIR from its newest good checkpoint, under its own recipe when none is named.",
    };

    private static readonly Option<bool> Profile = new("--profile")
    {
        Description = "Measure where the time and memory of steps go; shown at the end, and in the run's profile.txt and profile.json.",
    };

    private static readonly Option<bool> Json = OptionParsing.Json("Print the outcome as one JSON object; progress goes to standard error.");

    public static Command Create()
    {
        var command = new ExampleCommand("train", "Train a model as a recipe says. Ctrl-C saves and stops; a second one stops at once.",
            "sinter train", "sinter train recipes/shakespeare-char.yaml --set data.text=tinyshakespeare.txt --set training.max_steps=500",
            "sinter train --run runs/sdk-docs-20260101-120000 --resume") { RecipePath, Set, Run, Resume, Profile, Json };
        command.SetAction(Train);
        return command;
    }

    private static int Train(ParseResult parsed)
    {
        string? run = parsed.GetValue(Run);
        bool resume = parsed.GetValue(Resume), json = parsed.GetValue(Json);
        if (resume && run is null) throw new UsageException("--resume goes on with the run that --run DIR names; add --run DIR.");
        var recipe = ReadRecipe(parsed.GetValue(RecipePath), parsed.GetValue(Set) ?? [], resume ? run : null);
        using var signals = new StopSignals();
        var options = new TrainerOptions { RunFolder = run, Resume = resume, Profile = parsed.GetValue(Profile) };
        var result = Train(recipe, options, json, signals);
        if (result is null) return signals.ExitCode;
        if (options.Profile && result.Outcome != TrainingOutcome.AlreadyComplete)
            ShowProfile(result.RunFolder, json ? Console.Error : StandardOutput.Open());
        if (json) Write(result);
        else if (result.Outcome == TrainingOutcome.AlreadyComplete) ShowComplete(result, recipe);
        return result.Outcome == TrainingOutcome.Stopped ? signals.ExitCode : ExitCode.Success;
    }

    private static void ShowProfile(string folder, TextWriter output)
    {
        string path = Path.Combine(folder, ProfileFiles.TextName);
        if (!File.Exists(path)) return;
        output.WriteLine();
        output.Write(File.ReadAllText(path));
    }

    private static TrainingResult? Train(Recipe recipe, TrainerOptions options, bool json, StopSignals signals)
    {
        using var display = new LazyDisplay(() => CreateDisplay(recipe, json));
        signals.First = signal => display.Say(Acknowledgement(signal));
        options.Listeners.Add(display);
        try
        {
            return Trainer.Train(recipe, options, signals.Token);
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.Line("Stopped before the first step; nothing was trained.");
            return null;
        }
    }

    private static Recipe ReadRecipe(string? path, string[] sets, string? resumed)
    {
        if (path is not null) return RecipeReader.Read(path, sets);
        if (resumed is null) return DefaultRecipe.Read(sets);
        string own = Path.Combine(resumed, "recipe.yaml");
        if (File.Exists(own)) return RecipeReader.Read(own, sets);
        if (!RunFolder.IsRun(resumed))
            throw new CheckpointException($"{resumed}: there is no run to resume. Check the path, or name a recipe to begin with.");
        Messages.Warning($"{resumed} was stopped before it began and holds no recipe; it begins with {Invocation.Command}'s own, as none is named.");
        return DefaultRecipe.Read(sets);
    }

    private static ITrainingDisplay CreateDisplay(Recipe recipe, bool json)
    {
        var options = new DisplayOptions(Invocation.Command, recipe.Training.EvalEvery, recipe.Training.SaveEvery);
        if (!json) return TrainingTerminal.Create(options);
        return new PlainLines(Console.Error, new Closing(options.Command, Directory.GetCurrentDirectory()),
            new TimeLeft(options.EvaluateEvery, options.SaveEvery), null);
    }

    private static string Acknowledgement(PosixSignal signal) =>
        $"{(signal == PosixSignal.SIGINT ? "Ctrl-C" : signal)}: finishing the step and saving; a second one stops at once.";

    private static void ShowComplete(TrainingResult result, Recipe recipe)
    {
        string loss = result.ValidationLoss is { } value ? $", validation loss {HumanFormat.Loss(value)}" : "";
        Console.WriteLine($"The run is complete: {HumanFormat.Count(result.Step)} steps{loss}. Nothing was changed.");
        Console.WriteLine(result.Stop is { } stop ? $"It was ended by {stop.Rule}: {stop.Message}. To train it longer, change training.stop."
            : "To train it longer, add --set training.max_steps=N.");
        foreach (string line in NextCommands.OfComplete(result.RunFolder, result.Step, recipe)) Console.WriteLine(line);
    }

    private static void Write(TrainingResult result) => JsonOutput.Write(json =>
    {
        json.WriteString("outcome", result.Outcome switch
        {
            TrainingOutcome.Completed => "completed",
            TrainingOutcome.Stopped => "stopped",
            _ => "already_complete",
        });
        json.WriteString("run", result.RunFolder);
        if (result.Outcome == TrainingOutcome.Stopped) json.WriteNull("model");
        else json.WriteString("model", result.ModelFolder);
        json.WriteNumber("step", result.Step);
        json.WriteFinite("loss", result.Loss);
        json.WriteFinite("validation_loss", result.ValidationLoss);
        json.WriteFinite("validation_accuracy", result.ValidationAccuracy);
        WriteEnding(json, result);
    });

    private static void WriteEnding(Utf8JsonWriter json, TrainingResult result)
    {
        if (result.Best is { } best)
        {
            json.WriteStartObject("best");
            json.WriteNumber("step", best.Step);
            json.WriteString("metric", best.Metric);
            json.WriteNumber("value", best.Value);
            json.WriteEndObject();
        }
        if (result.Stop is not { } stop) return;
        json.WriteStartObject("stopped_by");
        json.WriteString("rule", stop.Rule);
        json.WriteString("reason", stop.Message);
        json.WriteEndObject();
    }
}
