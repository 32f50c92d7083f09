using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sinter.Cli.Shell;

namespace Sinter.Cli.Commands;

/// <summary>The help of a command, and its examples as they are typed here.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampleCommand { Examples.Count: > 0 } command) return ExitCode.Success;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in command.Examples)
            output.WriteLine("  " + (example.StartsWith("sinter ", StringComparison.Ordinal) ? Invocation.Command + example[6..] : example));
        output.WriteLine();
        return ExitCode.Success;
    }
}
