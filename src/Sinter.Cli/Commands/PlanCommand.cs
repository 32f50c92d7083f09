using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sinter.Checkpoints;
using Sinter.Cli.Shell;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Recipes;
using Sinter.Tasks;
using Sinter.Training.Batches;
using Sinter.Training.Planning;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter plan</c>: what a recipe's training will hold in memory, before anything of it is taken.</summary>
internal static class PlanCommand
{
    private const int AssumedCharacters = 128;
    private const long MostSequences = 1 << 20;

    private static readonly Argument<string?> RecipePath = RecipeInput.File();

    private static readonly Option<string[]> Set = RecipeInput.Set();

    private static readonly Option<string> Limit = new("--memory-limit")
    {
        Description = $"What the largest micro-batch is looked for under: {MemoryLimit.Expected}.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "80%",
    };

    private static readonly Option<int?> VocabSize = OptionParsing.OptionalNumber<int>("--vocab-size",
        $"Tokens of the vocabulary, where only the text decides it [default: data.tokenizer's, or {AssumedCharacters} for characters].");

    private static readonly Option<bool> Measure = new("--measure")
    {
        Description = "Then do an evaluation and two steps on random tokens, and show what the process really took.",
    };

    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: micro_batch, sequences, parts (bytes by name), total_bytes, limit_bytes, "
        + "largest_micro_batch and its total; with --measure, measured_bytes.");

    public static Command Create()
    {
        var command = new ExampleCommand("plan", "Show what training a recipe will hold in memory, by what takes it, and the largest micro-batch under a limit.",
            "sinter plan", "sinter plan recipes/sdk-docs.yaml --memory-limit 2GiB --set training.activation_checkpointing=true")
        { RecipePath, Set, Limit, VocabSize, Measure, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string text = parsed.GetValue(Limit)!;
        if (!MemoryLimit.TryParse(text, out var limit)) throw new UsageException($"--memory-limit: '{text}' is no limit; give {MemoryLimit.Expected}.");
        long bytes = limit.Resolve();
        var recipe = RecipeInput.Read(parsed.GetValue(RecipePath), parsed.GetValue(Set));
        var source = recipe.OpenModel();
        using var data = recipe.Task is LanguageModelTaskOptions ? null : RecipeInput.Data(recipe, source, CancellationToken.None);
        var planner = Planner(recipe, source, data, parsed.GetValue(VocabSize));
        var plan = planner.Plan();
        long? measured = parsed.GetValue(Measure) ? MeasurePeak(planner, plan.Batch) : null;
        var largest = planner.LargestAlone(MostSequences, bytes);
        if (parsed.GetValue(Json)) Write(plan, bytes, largest, measured);
        else Show(StandardOutput.Open(), plan, (text, bytes), largest, measured);
        return ExitCode.Success;
    }

    /// <summary>A language model is known from the recipe but for its vocabulary; other models, and their rows, from their data alone.</summary>
    private static MemoryPlanner Planner(Recipe recipe, ModelSource source, TaskData? data, int? vocabSize)
    {
        if (data is not null && vocabSize is not null) throw new UsageException($"--vocab-size: for the task {recipe.Task.Name} the data is read, which decides it; leave it out.");
        var config = data is not null ? recipe.Task.Create().Configure(source.Configure(data.Tokenizer), data)
            : source.Tokenizer is { } own ? source.Configure(own) : Architectures.Configure(recipe.Model, vocabSize ?? VocabularyOf(recipe), 0);
        return new MemoryPlanner(config, recipe.Training) { ContextLength = source.ContextLength, Sequences = data?.Sequences.Train, Adapters = source.Adapters };
    }

    private static int VocabularyOf(Recipe recipe) => recipe.Data.Tokenizer switch
    {
        { HasVocabSize: true } trained => trained.VocabSize,
        { Kind: "bytes" } => 256,
        _ => AssumedCharacters,
    };

    private static long MeasurePeak(MemoryPlanner planner, StepBatch batch)
    {
        planner.Measure(batch);
        return PeakMemory.Bytes();
    }

    private static void Show(TextWriter output, MemoryPlan plan, (string Text, long Bytes) limit, MemoryPlan? largest, long? measured)
    {
        output.WriteLine($"{plan.Batch.Sequences} sequences a step, {plan.Rows} at a time");
        output.WriteLine();
        var table = new TextTable("memory", "MiB", "share");
        foreach (var (what, bytes) in plan.Parts.Where(r => r.Bytes > 0)) table.Add(what, Mebibytes(bytes), HumanFormat.Percent((double)bytes / plan.Total));
        table.Add("at most", Mebibytes(plan.Total), HumanFormat.Percent(1));
        if (measured is { } peak) table.Add("measured", Mebibytes(peak), HumanFormat.Percent((double)peak / plan.Total));
        foreach (string line in table.Lines()) output.WriteLine(line);
        output.WriteLine();
        output.WriteLine($"Under {limit.Text}{(limit.Text.EndsWith('%') ? $" of the free memory ({HumanFormat.Bytes(limit.Bytes)})" : "")}: " + (largest is { } most
            ? $"micro-batches of up to {most.Rows} sequences ({HumanFormat.Bytes(most.Total)})."
            : "not even a micro-batch of one sequence. Make the model or its context smaller, or set training.activation_checkpointing."));
    }

    private static void Write(MemoryPlan plan, long limit, MemoryPlan? largest, long? measured) => JsonOutput.Write(json =>
    {
        json.WriteNumber("sequences", plan.Batch.Sequences);
        json.WriteNumber("micro_batch", plan.Rows);
        json.WriteStartObject("parts");
        foreach (var (what, bytes) in plan.Parts) json.WriteNumber(what, bytes);
        json.WriteEndObject();
        json.WriteNumber("total_bytes", plan.Total);
        json.WriteNumber("limit_bytes", limit);
        WriteOptional(json, "largest_micro_batch", largest?.Rows);
        WriteOptional(json, "largest_total_bytes", largest?.Total);
        if (measured is not null) WriteOptional(json, "measured_bytes", measured);
    });

    private static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);
}
