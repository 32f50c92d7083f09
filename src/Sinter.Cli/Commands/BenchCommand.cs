using System.CommandLine;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench</c>.</summary>
internal static class BenchCommand
{
    public static Command Create() => new ExampleCommand("bench", "Measure this machine and how fast it trains.",
        "sinter bench step --shape char")
    {
        BenchStepCommand.Create(), BenchGenerateCommand.Create(),
    };
}
