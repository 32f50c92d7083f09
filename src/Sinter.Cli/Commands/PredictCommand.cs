using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Cli.Shell;
using Sinter.Data.Examples;
using Sinter.Tasks;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter predict</c>.</summary>
internal static class PredictCommand
{
    private const int Chunk = 256;

    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();
    private static readonly Option<string?> Text = new("--text") { Description = "The text.", HelpName = "TEXT" };
    private static readonly Option<string?> Pair = new("--pair") { Description = "The second text, for a model that was trained on pairs.", HelpName = "TEXT" };
    private static readonly Option<string?> Data = new("--data") { Description = "A file of texts: .jsonl, .csv or .tsv.", HelpName = "FILE" };
    private static readonly Option<string> Column =
        new("--column") { Description = "The column of the text in the file.", HelpName = "NAME", DefaultValueFactory = _ => "text" };
    private static readonly Option<string?> PairColumn = new("--pair-column") { Description = "The column of the second text in the file.", HelpName = "NAME" };
    private static readonly Option<double?> Threshold = OptionParsing.OptionalNumber<double>("--threshold",
        "The least probability of a label that is predicted, where a text may have any number [default: the model's own, or 0.5].");
    private static readonly Option<int> Top = OptionParsing.Number("--top", "Labels to show with their probabilities; 0 is all.", 3);
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json =
        OptionParsing.Json("Print an object a text, on a line each: text, pair, label and probabilities, or labels and probabilities, or values.");

    public static Command Create()
    {
        var command = new ExampleCommand("predict", "Say the labels of texts, or predict their numbers, with a model of the tasks classify and regress. "
            + "Without --text and --data, each line of standard input is a text.",
            "sinter predict runs/RUN --text \"Returns the number of elements.\"", "sinter predict runs/RUN --data mails.csv --column body --json")
        {
            Folder, Text, Pair, Data, Column, PairColumn, Threshold, Top, Threads, Precision, Base, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? text = parsed.GetValue(Text), data = parsed.GetValue(Data), pair = parsed.GetValue(Pair);
        if (text is not null && data is not null) throw new UsageException("Give --text or --data, not both.");
        if (pair is not null && text is null) throw new UsageException("--pair goes with --text; in a file the second text has a --pair-column.");
        if (text is null && data is null && !Console.IsInputRedirected) throw new UsageException("Give --text TEXT or --data FILE, or pipe lines into it.");
        if (parsed.GetValue(Threshold) is not (null or (> 0 and < 1))) throw new UsageException("--threshold: give a number above 0 and below 1.");
        using var signals = new StopSignals();
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(parsed.GetValue(Folder)!, device, parsed.GetValue(Base));
        var tokenizer = folder.Tokenizer
            ?? throw new SinterException($"{folder.Path} has no tokenizer.json, so a text can't be read; put the model's own beside config.json.");
        var predictor = new TextPredictor(folder.Classifier, tokenizer);
        var output = new PredictionOutput(predictor, parsed.GetValue(Threshold) ?? predictor.Threshold, parsed.GetValue(Top), parsed.GetValue(Json), withText: text is null);
        try
        {
            var examples = text is not null ? [new Example(text, pair)]
                : data is not null ? ExampleReader.Read("--data", [data], new ExampleColumns(parsed.GetValue(Column)!, parsed.GetValue(PairColumn), ExampleTarget.None, []),
                    Directory.GetCurrentDirectory(), signals.Token)
                : Lines();
            foreach (var chunk in examples.Chunk(Chunk))
                foreach (var (example, outputs) in chunk.Zip(predictor.Predict(chunk, signals.Token))) output.Write(example, outputs);
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            // What was written so far is the result.
        }
        return signals.ExitCode;
    }

    private static IEnumerable<Example> Lines()
    {
        for (long number = 1; Console.In.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return new Example(line, null) { Place = $"standard input:{number}" };
    }
}
