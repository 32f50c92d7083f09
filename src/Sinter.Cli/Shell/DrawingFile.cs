using System.CommandLine;
using Sinter.Monitoring.Reports;

namespace Sinter.Cli.Shell;

/// <summary>Charts as files.</summary>
internal static class DrawingFile
{
    /// <summary>The option that names one.</summary>
    public static Option<string?> Option() => new("--svg") { Description = "Draw the curve into this file.", HelpName = "FILE" };

    /// <summary>Writes a chart.</summary>
    /// <exception cref="SinterException">The file can't be written.</exception>
    public static void Write(string file, SvgChart chart)
    {
        try
        {
            File.WriteAllText(file, chart.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinterException($"{file}: can't be written: {e.Message}", e);
        }
    }
}
