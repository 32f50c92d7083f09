using System.CommandLine;
using System.Diagnostics;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Runs;
using Sinter.Cli.Shell;
using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Monitoring;
using Sinter.Recipes;
using Sinter.Tasks;
using Sinter.Text;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();

    private static readonly Option<string[]> Data = new("--data")
    {
        Description = $"The text: a file, folder or glob (.txt, .md, .jsonl) or {string.Join(", ", BuiltInSources.Names)}; "
            + "can be given more than once. Without it, the validation part of the run.",
        HelpName = "PATH",
    };

    private static readonly Option<string> Column =
        new("--column") { Description = "The field of a .jsonl line that holds the text.", HelpName = "NAME", DefaultValueFactory = _ => "text" };
    private static readonly Option<long?> MaxTokens =
        OptionParsing.OptionalNumber<long>("--max-tokens", "Evaluate about this many tokens, spread evenly [default: all].");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json =
        OptionParsing.Json("Print one object: loss, perplexity, bits_per_byte, accuracy, tokens, bytes, seconds.");

    public static Command Create()
    {
        var command = new ExampleCommand("evaluate",
            "Measure how well a model predicts a text: loss in nats per token, perplexity, bits per byte, accuracy of the next token.",
            "sinter evaluate runs/RUN --data book.txt", "sinter evaluate runs/RUN --json")
        {
            Folder, Data, Column, MaxTokens, Threads, Precision, Base, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(Folder)!;
        string[] data = parsed.GetValue(Data) ?? [];
        if (parsed.GetValue(MaxTokens) is < 1) throw new UsageException("--max-tokens: give 1 or more.");
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(path, device, parsed.GetValue(Base));
        var tokenizer = folder.Tokenizer
            ?? throw new SinterException($"{folder.Path} has no tokenizer.json, so a text can't be read; put the model's own beside config.json.");
        using var signals = new StopSignals();
        try
        {
            if (data.Length == 0)
            {
                EvaluateOwn(parsed, path, folder, tokenizer, signals.Token);
                return ExitCode.Success;
            }
            using var corpus = CorpusBuilder.BuildForEvaluation(data, parsed.GetValue(Column)!, tokenizer, Directory.GetCurrentDirectory(),
                WarningLogger.Instance, RecipeInput.Reading(), signals.Token);
            EvaluateText(parsed, folder, corpus, SequenceForms.Windows, signals.Token);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    private static void EvaluateText(ParseResult parsed, ModelFolder folder, TokenCorpus corpus, string form, CancellationToken cancellation)
    {
        if (corpus.Tokenizer.VocabSize > folder.Model.Config.VocabSize)
            throw new CheckpointException($"{folder.Path}: the tokenizer has {corpus.Tokenizer.VocabSize} ids and the model "
                + $"{folder.Model.Config.VocabSize}. They are not of one model.");
        var sequences = SequenceForms.Validate(form, corpus.Validation, folder.Model.Config.ContextLength, parsed.GetValue(MaxTokens));
        long began = Stopwatch.GetTimestamp();
        var result = Evaluate(new LossEvaluator(folder.LanguageModel, sequences), cancellation);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // Of a sample, the bytes are the share that its tokens are.
        double bytes = (double)corpus.ValidationBytes * result.Targets / (corpus.Validation.Length - 1);
        double bitsPerByte = result.Loss * result.Targets / Math.Log(2) / bytes;
        if (parsed.GetValue(Json)) Write(result, bitsPerByte, (long)bytes, seconds);
        else Show(result, bitsPerByte, seconds);
    }

    /// <summary>Evaluates a run with its own validation part, as its task does.</summary>
    private static void EvaluateOwn(ParseResult parsed, string path, ModelFolder folder, ITokenizer tokenizer, CancellationToken cancellation)
    {
        var recipe = OwnRecipe(path);
        if (folder.Base is { } home) recipe.Model.Pretrained = home;   // which may have been moved since
        using var data = RecipeInput.Data(recipe, recipe.OpenModel(), cancellation);
        if (!data.Tokenizer.ToJson().AsSpan().SequenceEqual(tokenizer.ToJson()))
            throw new DataException($"{path}: the text that it was trained on has changed since (its tokenizer comes out another); give --data PATH.");
        if (data is TextData text)
        {
            EvaluateText(parsed, folder, text.Corpus, recipe.Data.Sequences, cancellation);
            return;
        }
        var task = recipe.Task.Create();
        task.Prepare(folder.Model, data);
        long began = Stopwatch.GetTimestamp();
        var result = Evaluate(task.Evaluator(folder.Model, data), cancellation);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (parsed.GetValue(Json)) Write(result, seconds);
        else Show(result, seconds);
    }

    private static Evaluation.Evaluation Evaluate(IEvaluator evaluator, CancellationToken cancellation)
    {
        var result = evaluator.Evaluate(new Reporter<double>(done => Messages.Progress($"evaluating {(int)(100 * done)} %")), cancellation);
        Messages.EndProgress();
        return result;
    }

    private static Recipe OwnRecipe(string path) => RunFolder.IsRun(path) ? RecipeReader.Read(RunFolder.Open(path).RecipePath)
        : throw new UsageException($"{path} is no run with a validation part of its own; give --data PATH.");

    private static void Show(Evaluation.Evaluation result, double seconds)
    {
        var fields = new Fields().Add("loss", HumanFormat.Loss(result.Loss)).Add("targets", HumanFormat.Count(result.Targets));
        if (double.IsFinite(result.Accuracy)) fields.Add("accuracy", HumanFormat.Percent(result.Accuracy));
        foreach (var (name, value) in result.Metrics) fields.Add(Short(name).Replace('_', ' '), HumanFormat.Number(value));
        fields.Add("time", $"{HumanFormat.Number(seconds)} s").Write(StandardOutput.Open());
    }

    private static void Write(Evaluation.Evaluation result, double seconds) => JsonOutput.Write(json =>
    {
        json.WriteFinite("loss", result.Loss);
        json.WriteFinite("accuracy", result.Accuracy);
        json.WriteNumber("targets", result.Targets);
        foreach (var (name, value) in result.Metrics) json.WriteFinite(Short(name), value);
        json.WriteNumber("seconds", seconds);
    });

    private static string Short(string metric) => metric.StartsWith("validation_", StringComparison.Ordinal) ? metric["validation_".Length..] : metric;

    private static void Show(Evaluation.Evaluation result, double bitsPerByte, double seconds)
    {
        var output = StandardOutput.Open();
        new Fields()
            .Add("loss", $"{HumanFormat.Loss(result.Loss)} nats per token")
            .Add("perplexity", HumanFormat.Perplexity(result.Loss))
            .Add("bits per byte", HumanFormat.Loss(bitsPerByte))
            .Add("accuracy", $"{HumanFormat.Percent(result.Accuracy)} of next tokens")
            .Add("tokens", HumanFormat.Count(result.Targets))
            .Add("time", $"{HumanFormat.Number(seconds)} s, {HumanFormat.Short(result.Targets / seconds)} tokens/s")
            .Write(output);
    }

    private static void Write(Evaluation.Evaluation result, double bitsPerByte, long bytes, double seconds) => JsonOutput.Write(json =>
    {
        json.WriteFinite("loss", result.Loss);
        json.WriteFinite("perplexity", result.Perplexity);
        json.WriteFinite("bits_per_byte", bitsPerByte);
        json.WriteFinite("accuracy", result.Accuracy);
        json.WriteNumber("tokens", result.Targets);
        json.WriteNumber("bytes", bytes);
        json.WriteNumber("seconds", seconds);
    });
}
