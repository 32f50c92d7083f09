using System.CommandLine;
using Sinter.Advice;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Runs;
using Sinter.Cli.Shell;
using Sinter.Data;
using Sinter.Monitoring;
using Sinter.Recipes;
using Sinter.Tasks;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter suggest</c>: how to train a recipe's model on its text.</summary>
internal static class SuggestCommand
{
    private static readonly Argument<string?> RecipePath = RecipeInput.File();
    private static readonly Option<string[]> Set = RecipeInput.Set();
    private static readonly Option<string?> History =
        new("--run") { Description = "An earlier run of this recipe, whose validation losses are taken into account.", HelpName = "DIR" };
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: facts, and suggestions with key, value, now, reason and source.");

    public static Command Create()
    {
        var command = new ExampleCommand("suggest",
            "Suggest learning rate, batch, optimizer, schedule, regularization, stopping and length from the size of model and text, each with its reason.",
            "sinter suggest my.yaml", "sinter suggest my.yaml --run runs/RUN") { RecipePath, Set, History, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(RecipePath), run = parsed.GetValue(History);
        string[] sets = parsed.GetValue(Set) ?? [];
        var recipe = RecipeInput.Read(path, sets);
        using var signals = new StopSignals();
        try
        {
            var facts = Facts(recipe, run, signals.Token);
            var suggestions = Advisor.Suggest(facts).Select(s => (Suggestion: s, Now: RecipeWriter.Value(recipe, s.Key))).ToList();
            if (parsed.GetValue(Json)) Write(facts, suggestions);
            else Show(facts, suggestions, path, sets);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    private static AdviceFacts Facts(Recipe recipe, string? run, CancellationToken cancellation)
    {
        var history = run is null ? [] : MetricsLine.Read(RunFolder.Open(run).MetricsPath).Where(l => l.IsEvaluated).ToList();
        var source = recipe.OpenModel();
        using var data = RecipeInput.Data(recipe, source, cancellation);
        var task = recipe.Task.Create();
        var facts = AdviceFacts.Of(task.Configure(source.Configure(data.Tokenizer), data), data.TrainTokens, history);
        return facts with { ContextLength = source.ContextLength, Examples = data is TextData ? null : Examples(recipe, source, data.Sequences.Train) };
    }

    private static ExampleFacts Examples(Recipe recipe, ModelSource source, ITrainingSequences train) =>
        new(train.PerPass, train.TargetsOf(0, train.PerPass), recipe.Task.MainMetric, source.Folder is not null, source.Adapters is not null);

    private static void Show(AdviceFacts facts, List<(Recommendation Suggestion, string Now)> suggestions, string? path, string[] sets)
    {
        var output = StandardOutput.Open();
        output.WriteLine($"{HumanFormat.Short(facts.Parameters)} parameters ({HumanFormat.Short(facts.BlockParameters)} in blocks), {HumanFormat.Short(facts.TrainTokens)} training tokens"
            + (facts.Examples is { } examples ? $" in {HumanFormat.Count(examples.Count)} sequences" : "")
            + (facts.History.Count > 0 ? $", {facts.History.Count} evaluations of an earlier run" : ""));
        output.WriteLine();
        foreach (var (s, now) in suggestions)
        {
            output.WriteLine($"{s.Key}: {s.Value}{(now == s.Value || now.Length == 0 ? "" : $"   (now {now})")}");
            output.WriteLine($"    {s.Reason}");
            output.WriteLine($"    {s.Source}");
        }
        output.WriteLine();
        output.WriteLine("Rules found on other models and texts are where to begin; what holds for yours, a run shows. To try them all:");
        string recipe = path is null ? "" : $" {path}";
        output.WriteLine($"  {Invocation.Command} train{recipe}{string.Concat(sets.Select(s => $" --set {Quoted(s)}"))}"
            + string.Concat(suggestions.Select(s => $" --set {Quoted($"{s.Suggestion.Key}={s.Suggestion.Value}")}")));
    }

    private static string Quoted(string set) => set.AsSpan().ContainsAny(" []{}") ? $"\"{set}\"" : set;

    private static void Write(AdviceFacts facts, List<(Recommendation Suggestion, string Now)> suggestions) => JsonOutput.Write(json =>
    {
        json.WriteStartObject("facts");
        json.WriteNumber("parameters", facts.Parameters);
        json.WriteNumber("block_parameters", facts.BlockParameters);
        json.WriteNumber("vocab_size", facts.VocabSize);
        json.WriteNumber("context_length", facts.ContextLength);
        json.WriteNumber("train_tokens", facts.TrainTokens);
        if (facts.Examples is { } examples) json.WriteNumber("train_sequences", examples.Count);
        json.WriteNumber("evaluations", facts.History.Count);
        json.WriteEndObject();
        json.WriteStartArray("suggestions");
        foreach (var (s, now) in suggestions)
        {
            json.WriteStartObject();
            json.WriteString("key", s.Key);
            json.WriteString("value", s.Value);
            json.WriteString("now", now);
            json.WriteString("reason", s.Reason);
            json.WriteString("source", s.Source);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
