using Sinter.Monitoring;
using Spectre.Console;

namespace Sinter.Cli.Terminal;

/// <summary>What a display has to know of the run before it starts.</summary>
/// <param name="Command">How the user calls Sinter here: <c>sinter</c>, or <c>dotnet run -c Release --project src/Sinter.Cli --</c>.</param>
/// <param name="EvaluateEvery">Steps between evaluations, for the time left.</param>
/// <param name="SaveEvery">Steps between checkpoints, for the time left.</param>
internal sealed record DisplayOptions(string Command = "sinter", long? EvaluateEvery = null, long? SaveEvery = null);

/// <summary>Picks the display that suits the terminal.</summary>
internal static class TrainingTerminal
{
    /// <summary>A live panel, or plain lines for NO_COLOR, redirected output, a dumb or narrow terminal.</summary>
    public static ITrainingDisplay Create(DisplayOptions options)
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected) Console.OutputEncoding = System.Text.Encoding.UTF8;
        var console = AnsiConsole.Console;
        var timeLeft = new TimeLeft(options.EvaluateEvery, options.SaveEvery);
        var closing = new Closing(options.Command, Directory.GetCurrentDirectory());
        var facts = Facts(console);
        if (!facts.CanShowPanel) return new PlainLines(Console.Out, closing, timeLeft, facts.Redirected ? null : facts.Width);
        return new TrainingPanel(new LiveRegion(Console.Out, Size), new PanelView(console.Profile.Capabilities.ColorSystem), closing, timeLeft);
    }

    private static TerminalFacts Facts(IAnsiConsole console) => new(
        Console.IsOutputRedirected,
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        Environment.GetEnvironmentVariable("TERM") == "dumb",
        console.Profile.Capabilities.Ansi,
        console.Profile.Capabilities.Unicode,
        Console.IsOutputRedirected ? 0 : Size().Width);

    // A terminal that does not tell its size, as some in containers, reports zero.
    private static (int Width, int Height) Size()
    {
        try
        {
            return (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
