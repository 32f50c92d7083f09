using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Cli.Chat;
using Sinter.Cli.Shell;
using Sinter.Generation;
using Sinter.Text.Chat;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter chat</c>: talk to a model.</summary>
internal static class ChatCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();
    private static readonly Option<string?> System = new("--system") { Description = "A message that sets the tone.", HelpName = "TEXT" };
    private static readonly Option<string?> Template = new("--template")
    {
        Description = $"How the chat becomes text: {string.Join(", ", ChatTemplates.Names)}, or a .jinja file [default: the model's own].",
        HelpName = "NAME",
    };

    private static readonly GenerationInput Sampling = new(512, "Tokens of an answer at most.", 0.7, 0.95,
        "Decides the choices; the same seed and questions give the same answers.");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();

    public static Command Create()
    {
        var command = new ExampleCommand("chat", "Talk to a model in the terminal. Ctrl-C stops an answer, /help shows what else can be typed.",
            "sinter chat runs/RUN", "echo \"What does List.Add do?\" | sinter chat runs/RUN --temperature 0")
        {
            Folder, System, Template, Sampling.All, Threads, Precision, Base,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var options = Sampling.Read(parsed);
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(parsed.GetValue(Folder)!, device, parsed.GetValue(Base));
        var tokenizer = folder.Tokenizer ?? throw new SinterException($"{folder.Path} has no tokenizer.json, so it can't be talked to; put the model's own beside config.json.");
        var files = ChatFiles.Read(folder.Path);
        var template = parsed.GetValue(Template) is { } name ? ChatTemplates.Find(name) : files.Template();
        var tokens = files.Tokens.All.Count > 0 ? files.Tokens : ChatTokens.Of(tokenizer);
        Answerer answerer = new(folder.LanguageModel, tokenizer, template, new ChatOptions { Tokens = tokens, Today = DateTime.Now }, options);
        using AnswerSignal signal = new();
        new ChatSession(answerer, signal, Console.In, StandardOutput.Open(), isInteractive: !Console.IsInputRedirected) { System = parsed.GetValue(System) }.Run();
        return ExitCode.Success;
    }
}
