using System.CommandLine;
using System.CommandLine.Parsing;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Weights;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Tensors;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<string?> Base = ModelLoading.Base();

    private static readonly Option<string> To = new("--to")
    {
        Description = "The folder to write; it must not hold anything yet.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> Format = OptionParsing.Choice("--format",
        "safetensors, or pt: pytorch_model.bin, which torch.load(weights_only=True) opens.", [.. WeightFormat.All.Select(f => f.Name)]);

    private static readonly Option<string> Type = OptionParsing.Choice("--dtype", "The type of the weights, to which they are rounded.", "fp32", "bf16", "fp16");

    private static readonly Option<long> MaxShardSize = new("--max-shard-size")
    {
        Description = "The most bytes of weights in one file, such as 5GB; more are cut into shards with an index.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => WeightsWriter.DefaultShardBytes,
        CustomParser = ParseSize,
    };

    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: folder, bytes, weights, logits, error, bound.");

    public static Command Create()
    {
        Format.DefaultValueFactory = _ => WeightFormat.Safetensors.Name;
        Type.DefaultValueFactory = _ => "fp32";
        var command = new ExampleCommand("export",
            "Write a model as a folder that transformers and PyTorch open. It is read back, and its logits are compared, before success is reported.",
            "sinter export runs/RUN --to my-model", "sinter export runs/RUN --to my-model --dtype bf16 --max-shard-size 5GB")
        {
            Folder, To, Format, Type, MaxShardSize, Base, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string target = parsed.GetValue(To)!;
        using var device = ModelLoading.Open(0, "fp32");
        Messages.Progress("reading");
        var model = ModelFolder.Load(parsed.GetValue(Folder)!, device, parsed.GetValue(Base));
        int shown = -1;
        var result = ModelExport.Write(model, target, new WeightSaving
        {
            Format = WeightFormat.All.First(f => f.Name == parsed.GetValue(Format)),
            DType = parsed.GetValue(Type) switch { "bf16" => DType.BFloat16, "fp16" => DType.Float16, _ => DType.Float32 },
            MaxShardBytes = parsed.GetValue(MaxShardSize),
            Progress = new Reporter<double>(done =>
            {
                if ((int)(100 * done) == shown) return;
                shown = (int)(100 * done);
                Messages.Progress(shown < 100 ? $"writing {shown} %" : "reading it back");
            }),
        });
        Messages.EndProgress();
        long bytes = Directory.EnumerateFiles(target).Sum(f => new FileInfo(f).Length);
        if (parsed.GetValue(Json)) Print(target, bytes, result);
        else
        {
            string check = result.Error == 0 ? "equal to the bit" : $"{result.Error:0.0e+0} apart (bound {result.Bound})";
            Messages.Line($"{target}: {HumanFormat.Bytes(bytes)}; read back, {HumanFormat.Count(result.Weights)} weights and {HumanFormat.Count(result.Logits)} logits: {check}");
        }
        return ExitCode.Success;
    }

    private static long ParseSize(ArgumentResult result)
    {
        if (ByteSize.Parse(result.Tokens[0].Value) is { } bytes) return bytes;
        result.AddError($"--max-shard-size: '{result.Tokens[0].Value}' is no size; give a number with a unit, such as 5GB or 512MiB.");
        return 1;
    }

    private static void Print(string target, long bytes, ExportResult result) => JsonOutput.Write(json =>
    {
        json.WriteString("folder", Path.GetFullPath(target));
        json.WriteNumber("bytes", bytes);
        json.WriteNumber("weights", result.Weights);
        json.WriteNumber("logits", result.Logits);
        json.WriteNumber("error", result.Error);
        json.WriteNumber("bound", result.Bound);
    });
}
