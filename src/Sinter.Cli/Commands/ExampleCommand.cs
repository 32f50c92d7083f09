using System.CommandLine;

namespace Sinter.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">What the user types.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Whole commands that begin with <c>sinter</c>.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Adds options that several commands have.</summary>
    public void Add(IEnumerable<Option> options)
    {
        foreach (var option in options) Add(option);
    }
}
