using Sinter.Monitoring;

namespace Sinter.Cli.Shell;

/// <summary>What goes to standard error: errors, warnings, progress.</summary>
internal static class Messages
{
    private const string Red = "\u001b[31m", Yellow = "\u001b[33m", Reset = "\u001b[0m", EraseLine = "\r\u001b[K";

    /// <summary>Whether escape sequences are welcome on a stream that is redirected or not (https://no-color.org).</summary>
    public static bool HasColor(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>An error.</summary>
    public static void Error(string message) => Write("error:", Red, message);

    /// <summary>A warning.</summary>
    public static void Warning(string message) => Write("warning:", Yellow, message);

    /// <summary>A line.</summary>
    public static void Line(string message) => Console.Error.WriteLine(PrintableText.Of(message));

    /// <summary>A line that the next one of its kind replaces; nothing when nobody would see it change.</summary>
    public static void Progress(string message)
    {
        if (HasColor(Console.IsErrorRedirected)) Console.Error.Write(EraseLine + PrintableText.Of(message));
    }

    /// <summary>Takes the line of <see cref="Progress"/> away.</summary>
    public static void EndProgress() => Progress("");

    private static void Write(string label, string color, string message)
    {
        bool hasColor = HasColor(Console.IsErrorRedirected);
        Console.Error.WriteLine($"{(hasColor ? color + label + Reset : label)} {PrintableText.Of(message)}");
    }
}
