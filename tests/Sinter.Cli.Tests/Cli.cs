using System.Diagnostics;
using System.Text.Json;

namespace Sinter.Cli.Tests;

/// <summary>Runs the built program as a process of its own.</summary>
internal static class Cli
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Sinter.Cli.dll");

    /// <summary>Where the tokens of these tests go, rather than to the user's own cache.</summary>
    public static string Cache { get; } = Directory.CreateTempSubdirectory("sinter-cli-cache-").FullName;

    public static CliResult Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Wait(process);
    }

    public static Process Start(string folder, params string[] arguments) => Start(Program, folder, arguments);

    /// <summary>Starts an assembly that lies beside the tests.</summary>
    public static Process Start(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo { WorkingDirectory = folder };
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        // A runner in the background may have SIGINT ignored, one under nohup SIGHUP, which their children would inherit.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT,HUP", "dotnet", program] : ["dotnet", program];
        start.FileName = command[0];
        foreach (string argument in command.Skip(1).Concat(arguments)) start.ArgumentList.Add(argument);
        start.Environment["SINTER_CACHE"] = Cache;
        start.Environment.Remove("SINTER_VERBOSE");
        start.Environment.Remove("NO_COLOR");
        return Process.Start(start)!;
    }

    public static CliResult Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The program did not end in {Longest}.");
        }
        return new CliResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Sends a signal, such as <c>INT</c>.</summary>
    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until a file is there and holds so many lines.</summary>
    public static void WaitForLines(Process process, string path, int lines)
    {
        for (var clock = Stopwatch.StartNew(); !File.Exists(path) || Lines(path) < lines; Thread.Sleep(5))
            if (process.HasExited || clock.Elapsed > Longest)
                Assert.Fail($"{path} did not come to hold {lines} lines.\n{process.StandardError.ReadToEnd()}");
    }

    private static int Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(file).ReadToEnd().Count(c => c == '\n');
    }
}

/// <summary>How the program ended and what it said.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}.\n{Output}\n{Error}");
        Assert.DoesNotContain("   at Sinter", Error + Output);
        return this;
    }

    public JsonElement Json() => JsonDocument.Parse(Output).RootElement.Clone();
}
