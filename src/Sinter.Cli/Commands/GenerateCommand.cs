using System.CommandLine;
using System.Diagnostics;
using Sinter.Checkpoints;
using Sinter.Cli.Shell;
using Sinter.Generation;
using Sinter.Text;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter generate</c>.</summary>
internal static class GenerateCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();
    private static readonly Option<string?> Prompt = new("--prompt") { Description = "The text to continue.", HelpName = "TEXT" };
    private static readonly Option<int[]?> Tokens = OptionParsing.Tokens("The token ids to continue; for folders without a tokenizer too.");
    private static readonly GenerationInput Sampling = new(200, "Tokens to add at most.", 0.8, 1.0, "Decides the choices; the same seed gives the same text.");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json =
        OptionParsing.Json("Print one object at the end: prompt_tokens, tokens, text, seconds, tokens_per_second.");

    public static Command Create()
    {
        var command = new ExampleCommand("generate", "Continue a text, or token ids, with a model; the text appears as it is made.",
            "sinter generate runs/RUN --prompt \"Returns the\" --temperature 0.7", "sinter generate gpt2/ --tokens 464,3290 --temperature 0 --json")
        {
            Folder, Prompt, Tokens, Sampling.All, Threads, Precision, Base, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var options = Sampling.Read(parsed);
        string? prompt = parsed.GetValue(Prompt);
        int[]? ids = parsed.GetResult(Tokens) is null ? null : parsed.GetValue(Tokens);
        if ((prompt is null) == (ids is null)) throw new UsageException("Give either --prompt TEXT or --tokens 1,2,3.");
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(parsed.GetValue(Folder)!, device, parsed.GetValue(Base));
        IReadOnlyList<int> tokens = ids is null ? Encode(prompt!, folder) : ids;
        ModelLoading.Check(tokens, folder);
        using var signals = new StopSignals();
        var stream = parsed.GetValue(Json) ? null : new TextStream(StandardOutput.Open(), folder.Tokenizer, prompt, tokens);
        var made = new List<int>();
        long began = Stopwatch.GetTimestamp();
        try
        {
            foreach (int token in new TextGenerator(folder.LanguageModel).Generate(tokens, options, signals.Token))
            {
                made.Add(token);
                stream?.Append(token);
            }
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            // What was made so far is the result.
        }
        stream?.Finish();
        if (stream is null) Write(tokens, made, folder.Tokenizer, Stopwatch.GetElapsedTime(began).TotalSeconds);
        return signals.ExitCode;
    }

    private static List<int> Encode(string prompt, ModelFolder folder)
    {
        if (folder.Tokenizer is not { } tokenizer)
            throw new SinterException($"{folder.Path} has no tokenizer.json, so a text can't be read; give --tokens 1,2,3 instead of --prompt.");
        // With what the tokenizer puts around a text: Llama, Mistral and Gemma were trained with a first token and are lost without it.
        tokenizer.Encode(prompt, []);   // a character outside the alphabet is an error here and left out there
        var encoding = tokenizer.Encode(prompt, addSpecialTokens: true, maxLength: int.MaxValue);
        List<int> ids = [.. encoding.Ids.Where((_, i) => encoding.AttentionMask[i])];
        if (ids.Count > 0) return ids;
        return tokenizer.EndOfTextId is { } begin
            ? [begin]
            : throw new UsageException("--prompt is empty, and this model has no token to begin a text with; give some text.");
    }

    private static void Write(IReadOnlyList<int> prompt, List<int> made, ITokenizer? tokenizer, double seconds) => JsonOutput.Write(json =>
    {
        json.WriteNumbers("prompt_tokens", prompt.Select(t => (long)t));
        json.WriteNumbers("tokens", made.Select(t => (long)t));
        json.WriteString("text", tokenizer?.DecodeAfter([.. prompt], [.. made]));
        json.WriteNumber("seconds", seconds);
        json.WriteFinite("tokens_per_second", made.Count / seconds);
    });
}
