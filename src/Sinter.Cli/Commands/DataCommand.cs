using System.CommandLine;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter data</c>: what a recipe's data looks like to the model.</summary>
internal static class DataCommand
{
    public static Command Create() => new ExampleCommand("data", "Look at the data of a recipe as the model will see it.", "sinter data show my.yaml --count 5")
    {
        DataShowCommand.Create(),
    };
}
