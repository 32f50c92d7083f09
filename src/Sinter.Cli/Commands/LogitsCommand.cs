using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Safetensors;
using Sinter.Cli.Shell;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Tensors;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter logits</c>.</summary>
internal static class LogitsCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();
    private static readonly Option<int[]?> Tokens = OptionParsing.Tokens("The token ids to read.");
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file to write: the tensor `logits` in float32, [tokens, vocabulary], or [labels] of a classifier.",
        HelpName = "FILE.safetensors",
        Required = true,
    };

    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: file, tokens, vocabulary or labels.");

    public static Command Create()
    {
        Tokens.Required = true;
        var command = new ExampleCommand("logits",
            "Write what a model says of the given tokens, to compare with other programs: a language model of every token after each of them (of each of "
                + "them, if it sees both sides), a classifier of every label.",
            "sinter logits gpt2/ --tokens 464,3290,318 --out logits.safetensors") { Folder, Tokens, Out, Threads, Precision, Base, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int[] tokens = parsed.GetValue(Tokens)!;
        string path = parsed.GetValue(Out)!;
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var folder = ModelFolder.Load(parsed.GetValue(Folder)!, device, parsed.GetValue(Base));
        var config = folder.Model.Config;
        ModelLoading.Check(tokens, folder);
        if (tokens.Length > config.ContextLength)
            throw new SinterException($"--tokens: {tokens.Length} tokens are more than the {config.ContextLength} that the context of {folder.Path} "
                + "holds; give fewer.");
        long[] shape = Write(folder, tokens, path);
        if (parsed.GetValue(Json)) Print(path, tokens.Length, shape);
        else Messages.Line($"{path}: logits [{string.Join(", ", shape)}], {HumanFormat.Bytes(new FileInfo(path).Length)}");
        return ExitCode.Success;
    }

    private static unsafe long[] Write(ModelFolder folder, int[] tokens, string path)
    {
        var model = folder.Model as ILogitsModel ?? throw new CheckpointException($"{folder.Path}: this model has no logits.");
        var device = folder.Model.Device;
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("logits");
        var logits = model.Logits(new SequenceBatch(device.From(tokens, 1, tokens.Length), default), default);
        long[] shape = logits.Shape.Rank == 3 ? [tokens.Length, logits.Shape[-1]] : [logits.Shape[-1]];
        SafetensorsWriter.Write(path, [SafetensorsTensor.FromPointer("logits", DType.Float32, shape, logits.Pointer)]);
        return shape;
    }

    private static void Print(string path, int tokens, long[] shape) => JsonOutput.Write(json =>
    {
        json.WriteString("file", Path.GetFullPath(path));
        json.WriteNumber("tokens", tokens);
        json.WriteNumber(shape.Length == 2 ? "vocabulary" : "labels", shape[^1]);
    });
}
