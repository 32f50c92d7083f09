using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Data;
using Sinter.Monitoring;
using Sinter.Tasks;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter data show</c>: rows of a recipe's data, with what is learned of them.</summary>
internal static class DataShowCommand
{
    private static readonly Argument<string?> RecipePath = RecipeInput.File();
    private static readonly Option<string[]> Set = RecipeInput.Set();
    private static readonly Option<int> Count = OptionParsing.Number("--count", "Rows to show.", 3);
    private static readonly Option<long> First = OptionParsing.Number("--first", "The number of the first row, in the order of training.", 0L);
    private static readonly Option<string> Part = OptionParsing.Choice("--part", "The part to show: train or validation.", "train", "validation");
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: part, rows with width, targets, texts, tokens, trained, text.");

    public static Command Create()
    {
        Part.DefaultValueFactory = _ => "train";
        var command = new ExampleCommand("show",
            "Print rows as the model reads them: the tokens that it learns to predict in colour (or between ⟦ and ⟧), lengths, and texts that share a row.",
            "sinter data show my.yaml", "sinter data show my.yaml --part validation --count 10 --json") { RecipePath, Set, Count, First, Part, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (parsed.GetValue(Count) < 1) throw new UsageException("--count: give 1 or more.");
        if (parsed.GetValue(First) < 0) throw new UsageException("--first: give 0 or more.");
        var recipe = RecipeInput.Read(parsed.GetValue(RecipePath), parsed.GetValue(Set));
        using var signals = new StopSignals();
        try
        {
            using var data = RecipeInput.Data(recipe, recipe.OpenModel(), signals.Token);
            bool isTrain = parsed.GetValue(Part) == "train";
            ISequences sequences = isTrain ? data.Sequences.Train : data.Sequences.Validation;
            var rows = Rows(parsed.GetValue(First), parsed.GetValue(Count), isTrain ? long.MaxValue : data.Sequences.Validation.Count)
                .Select(i => ShownRow.Of(sequences, i, recipe.Task is LanguageModelTaskOptions or InstructTaskOptions)).ToList();
            if (parsed.GetValue(Json)) Write(parsed.GetValue(Part)!, rows, data);
            else Show(parsed.GetValue(Part)!, rows, data);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    private static IEnumerable<long> Rows(long first, int count, long all)
    {
        for (long i = first; i < first + count && i < all; i++) yield return i;
    }

    private static void Show(string part, List<ShownRow> rows, TaskData data)
    {
        var output = StandardOutput.Open();
        ShownText text = new(output, data.Tokenizer, Messages.HasColor(Console.IsOutputRedirected));
        output.WriteLine($"{HumanFormat.Count(data.TrainTokens)} tokens to train on, {HumanFormat.Count(data.ValidationTokens)} to validate with; "
            + $"{HumanFormat.Count(data.Sequences.Train.PerPass)} rows in a pass");
        foreach (var row in rows)
        {
            output.WriteLine();
            output.WriteLine(row.Header(part));
            text.Write(row);
        }
    }

    private static void Write(string part, List<ShownRow> rows, TaskData data) => JsonOutput.Write(json =>
    {
        json.WriteString("part", part);
        json.WriteStartArray("rows");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("number", row.Number);
            json.WriteNumber("width", row.Tokens.Length);
            json.WriteNumber("targets", row.TargetCount);
            json.WriteNumber("texts", row.Texts);
            json.WriteNumbers("tokens", row.Tokens.Select(t => (long)t));
            json.WriteNumbers("target_tokens", row.Targets.Select(t => (long)t));
            json.WriteNumbers("segments", row.Segments.Select(t => (long)t));
            json.WriteString("text", Text.TokenizerExtensions.Decode(data.Tokenizer, row.Tokens));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
