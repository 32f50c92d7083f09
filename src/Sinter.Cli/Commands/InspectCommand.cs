using System.CommandLine;
using Sinter.Cli.Inspection;
using Sinter.Cli.Shell;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter inspect</c>.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> PathArgument =
        new("PATH") { Description = "A run, a checkpoint, a model folder, or a safetensors file." };
    private static readonly Option<bool> All = new("--all") { Description = "Show every tensor of a safetensors file." };
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object.");

    public static Command Create()
    {
        var command = new ExampleCommand("inspect", "Show what a run, a checkpoint, a model folder or a safetensors file holds.",
            "sinter inspect runs/RUN", "sinter inspect runs/RUN/model/model.safetensors --json") { PathArgument, All, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var inspection = Inspector.Open(parsed.GetValue(PathArgument)!, parsed.GetValue(All));
        if (parsed.GetValue(Json))
        {
            JsonOutput.Write(inspection.Write);
            return ExitCode.Success;
        }
        var output = StandardOutput.Open();
        inspection.Write(output);
        return ExitCode.Success;
    }
}
