using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sinter.Cli.Shell;

namespace Sinter.Cli.Commands;

/// <summary>The <c>sinter</c> command.</summary>
internal static class RootCommand
{
    private const string VerboseVariable = "SINTER_VERBOSE";

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = $"Show where in the program an error arose ({VerboseVariable}=1 does the same).",
        Recursive = true,
    };

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args)
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected) Console.OutputEncoding = System.Text.Encoding.UTF8;
        // A prompt may begin with '@', which would otherwise name a file of arguments.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        var parsed = Create().Parse(args.Length == 0 ? ["--help"] : args, parsing);
        bool isVerbose = parsed.GetValue(Verbose) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(VerboseVariable));
        try
        {
            if (parsed.Action is ParseErrorAction wrong) return Refuse(parsed, wrong);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return ErrorReport.Write(e, isVerbose);
        }
    }

    internal static Command Create()
    {
        var root = new ExampleCommand("sinter", "Trains Transformers in .NET: text in, a trained, evaluated and exported model out.",
            "sinter train", "sinter generate runs/RUN --prompt \"Returns the\"")
        {
            TrainCommand.Create(), GenerateCommand.Create(), ChatCommand.Create(), PredictCommand.Create(), EvaluateCommand.Create(), LogitsCommand.Create(),
            ExportCommand.Create(), InspectCommand.Create(), DataCommand.Create(),
            RecipeCommand.Create(), ListCommand.Create(), SuggestCommand.Create(), ScheduleCommand.Create(), FindRateCommand.Create(), CheckInitCommand.Create(),
            PlanCommand.Create(), CompareCommand.Create(), BenchCommand.Create(),
        };
        var help = new HelpOption("--help", "-h") { Description = "Show this help." };
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption("--version") { Action = new ShowVersion(), Description = "Show the version." });
        root.Options.Add(Verbose);
        return root;
    }

    private static int Refuse(ParseResult parsed, ParseErrorAction wrong)
    {
        (wrong.ShowHelp, wrong.ShowTypoCorrections) = (false, true);
        parsed.Invoke(new InvocationConfiguration { Output = Console.Error });
        var command = parsed.CommandResult.Command;
        foreach (var argument in command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }))
            Messages.Line($"{argument.Name}: {argument.Description}");
        Messages.Line($"See {Invocation.Command}{Path(command)} --help");
        return ExitCode.Usage;
    }

    /// <summary>What the user types after <c>sinter</c> to reach a command.</summary>
    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "";

    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(typeof(Trainer).Assembly.GetName().Version?.ToString(3));
            return ExitCode.Success;
        }
    }
}
