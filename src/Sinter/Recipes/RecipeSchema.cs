using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sinter.Data;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Options;
using Sinter.Schedules;
using Sinter.Tasks;
using Sinter.Training;
using Sinter.Training.Regularization;

namespace Sinter.Recipes;

/// <summary>The description of a whole recipe, and the JSON schema made from it.</summary>
public static class RecipeSchema
{
    /// <summary>The keys of a recipe and the rules between its sections.</summary>
    public static OptionsSchema<Recipe> Keys { get; } = OptionsSchema.Create<Recipe>(static b =>
    {
        b.Integer("schema_version", "The version of these keys.", _ => Recipe.SchemaVersion, (_, _) => { }, Recipe.SchemaVersion,
            Recipe.SchemaVersion);
        b.Text("name", "The run's name, a part of its folder's; the recipe's file name by default.", r => r.Name, (r, v) => r.Name = v, NameError);
        b.Strategy("task", "What the model learns to do.", r => r.Task, (r, v) => r.Task = v, TaskRegistry.All);
        b.Section("data", "Where the text comes from and how it is split.", r => r.Data, (r, v) => r.Data = v, () => DataOptions.Schema);
        b.Section("model", "The model: the shape of a new one, or a pretrained one to start from.", r => r.Model, (r, v) => r.Model = v, () => ModelOptions.Schema);
        b.OptionalStrategy("adapter", "What is trained in place of a pretrained model; null trains the model itself.", r => r.Adapter, (r, v) => r.Adapter = v, AdapterRegistry.All);
        b.Section("training", "How long and how to train.", r => r.Training, (r, v) => r.Training = v, () => TrainingOptions.Schema);
        b.Section("sample", "The text sampled before and after training.", r => r.Sample, (r, v) => r.Sample = v, () => SampleOptions.Schema);
        b.OptionalSection("resolved", "Written by a run: what it ran with. Decides nothing.", r => r.Resolved, (r, v) => r.Resolved = v,
            () => ResolvedOptions.Schema);
        b.Rule(["training.schedule.warmup_steps", "training.schedule.warmup", "training.max_tokens", "training.batch_size", "training.gradient_accumulation",
            "model.context_length", "data.sequences"],
            static r => r.Model is null || r.Training is null ? null : ScheduleOptions.WarmupError(r.Training.Schedule, StepsOfTokens(r)));
        b.Rule(["adapter", "model.pretrained"], static r => r is { Adapter: not null, Model.Pretrained: null }
            ? "an adapter changes a pretrained model; give model.pretrained, or remove the key" : null);
        b.Rule(["data.replay", "model.pretrained"], static r => r is { Data.Replay: not null, Model.Pretrained: null }
            ? "a new model has learned nothing before; give model.pretrained, or remove the key" : null);
        b.Rule(["data.replay", "task"], static r => r is { Data.Replay: not null, Task: ExampleTaskOptions }
            ? $"text can't be mixed into examples, which the task {r.Task.Name} learns from; remove the key" : null);
        b.Rule(["training.penalty", "data.replay", "adapter"], static r => r?.Training?.Penalty is not EwcPenaltyOptions ? null
            : r.Data?.Replay is null ? "ewc holds what the old data needs; give data.replay.text (with fraction: 0 it is not trained on)"
            : r.Adapter is not null ? "ewc holds the model's own weights, which are frozen beside an adapter; remove one of the two" : null);
        b.Rule(["training.batch_size", "training.gradient_accumulation", "model.context_length"], StepFits);
        b.Rule(["data.validation", "task"], static r => r.Task is null || r.Data is null || r.Task.TakesValidationFiles || r.Data.Validation.Count == 0 ? null
            : $"the task {r.Task.Name} holds a share of data.text out; remove the key, or choose a task on examples or chats");
        b.Rule(["training.stop", "training.best", "training.schedule", "task"], static r => r.Task is null || r.Training is null ? null
            : r.Training.Stop.Select(s => s.WatchedMetric).Append(r.Training.Best?.Metric ?? "").Select(r.Task.MetricError).FirstOrDefault(e => e is not null));
        b.Rule(["training.batch_size", "model.context_length"],
            static r => r.Model is null || r.Training?.BatchSize is null ? null : r.Training.BatchSize.ErrorAt(r.Model.ContextLength));
    });

    /// <summary>Every key of a recipe with its type, range, default and meaning.</summary>
    public static IReadOnlyList<OptionDescription> Describe() => Keys.Describe();

    /// <summary>The same as text, for a terminal or a page: a line for the key, one for its meaning.</summary>
    public static string ToHelp() => string.Concat(Describe().Select(d =>
    {
        string range = d.Range.Length > 0 ? $", {d.Range}" : "";
        string otherwise = d.Default.Length > 0 ? $"default {d.Default}" : "required";
        return $"{d.Path}: {d.Type}{range}; {otherwise}\n    {d.Description}\n";
    }));

    /// <summary>The JSON schema (draft 7) that gives editors completion and checks, indented, ending with a line feed.</summary>
    public static string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The text is a file of its own, never inside HTML.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            json.WriteString("title", "Sinter recipe");
            Keys.WriteJson(json);
            json.WriteEndObject();
        }
        var schema = SharedDefinitions.Share((JsonObject)JsonNode.Parse(buffer.WrittenSpan)!);
        buffer.Clear();
        using (var json = new Utf8JsonWriter(buffer, options)) schema.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    internal static string? NameError(string name)
    {
        const string part = "is part of a folder's name and";
        if (string.IsNullOrWhiteSpace(name) || name.Trim(' ', '.') != name) return $"{part} must not be empty, or begin or end with a space or a dot";
        if (name.Length > 100) return $"{part} must have at most 100 characters";
        int bad = name.ToList().FindIndex(IsNoFileCharacter);
        return bad < 0 ? null : $"{part} can't hold {OptionNode.Quote(name[bad].ToString())}";
    }

    /// <summary>A recipe file's name as the name of its runs.</summary>
    internal static string NameOf(string fileName)
    {
        var name = string.Concat(Path.GetFileNameWithoutExtension(fileName).Select(c => IsNoFileCharacter(c) ? '-' : c)).Trim(' ', '.');
        return name.Length == 0 ? new Recipe().Name : name.Length > 100 ? name[..100].Trim(' ', '.') : name;
    }

    // What Windows forbids is forbidden everywhere: run folders are copied between systems.
    private static bool IsNoFileCharacter(char c) => char.IsControl(c) || "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal);

    private static decimal? TokensPerStep(Recipe r) => r.Training.BatchSize?.SequencesPerStep(r.Training.GradientAccumulation) * r.Model.ContextLength;

    private static long? StepsOfTokens(Recipe r) =>
        r.Data?.Sequences is SequenceForms.Windows && r.Task is LanguageModelTaskOptions && r.Training.MaxTokens is { } tokens
            && TokensPerStep(r) is { } each ? (long)decimal.Ceiling(tokens / each) : null;

    private static string? StepFits(Recipe r) => r.Model is null || r.Training is null || !(TokensPerStep(r) > int.MaxValue) ? null
        : $"{TokensPerStep(r):F0} tokens a step (batch_size x gradient_accumulation x context_length) are more than {int.MaxValue}";
}
