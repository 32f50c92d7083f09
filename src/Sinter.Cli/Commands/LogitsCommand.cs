using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Cli.Shell;
using Sinter.Layers;
using Sinter.Monitoring;
using Sinter.Tensors;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter logits</c>.</summary>
internal static class LogitsCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<int[]?> Tokens = OptionParsing.Tokens("The token ids to read.");
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file to write: the tensor `logits` [tokens, vocabulary] in float32.",
        HelpName = "FILE.safetensors",
        Required = true,
    };

    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: file, tokens, vocabulary.");

    public static Command Create()
    {
        Tokens.Required = true;
        var command = new ExampleCommand("logits",
            "Write what a model says of every token after each of the given ones, to compare with other programs.",
            "sinter logits gpt2/ --tokens 464,3290,318 --out logits.safetensors") { Folder, Tokens, Out, Threads, Precision, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int[] tokens = parsed.GetValue(Tokens)!;
        string path = parsed.GetValue(Out)!;
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(parsed.GetValue(Folder)!, device);
        var config = folder.Model.Config;
        ModelLoading.Check(tokens, folder);
        if (tokens.Length > config.ContextLength)
            throw new SinterException($"--tokens: {tokens.Length} tokens are more than the {config.ContextLength} that the context of {folder.Path} "
                + "holds; give fewer.");
        Write(folder, tokens, path);
        if (parsed.GetValue(Json)) Print(path, tokens.Length, config.VocabSize);
        else Messages.Line($"{path}: logits [{tokens.Length}, {config.VocabSize}], {HumanFormat.Bytes(new FileInfo(path).Length)}");
        return ExitCode.Success;
    }

    private static unsafe void Write(ModelFolder folder, int[] tokens, string path)
    {
        var device = folder.Model.Device;
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("logits");
        var logits = folder.LanguageModel.Logits(device.From(tokens, 1, tokens.Length), default(ForwardContext));
        SafetensorsWriter.Write(path,
            [SafetensorsTensor.FromPointer("logits", DType.Float32, [tokens.Length, folder.Model.Config.VocabSize], logits.Pointer)]);
    }

    private static void Print(string path, int tokens, int vocabulary) => JsonOutput.Write(json =>
    {
        json.WriteString("file", Path.GetFullPath(path));
        json.WriteNumber("tokens", tokens);
        json.WriteNumber("vocabulary", vocabulary);
    });
}
