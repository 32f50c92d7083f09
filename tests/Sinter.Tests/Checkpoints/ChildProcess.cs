using System.Diagnostics;

namespace Sinter.Tests.Checkpoints;

/// <summary>This test program, started again to play a part in another process: one explicit test of <see cref="ChildProcessRoles"/>.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const string FolderVariable = "SINTER_TEST_CHILD_FOLDER";

    private readonly Process _process;

    public ChildProcess(string role, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        string results = Directory.CreateDirectory(Path.Combine(folder, "results")).FullName;
        foreach (string argument in (string[])["--explicit", "only", "--results-directory", results, "--filter-method",
            $"{typeof(ChildProcessRoles).FullName}.{role}"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[FolderVariable] = folder;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Waits until a file or folder is there.</summary>
    public void WaitFor(string path) => WaitFor(() => Path.Exists(path), path);

    /// <summary>Waits until something holds that stays true from then on: what comes and goes can be missed on a busy machine.</summary>
    public void WaitFor(Func<bool> isThere, string what)
    {
        for (var clock = Stopwatch.StartNew(); !isThere(); Thread.Sleep(2))
            Assert.True(!_process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(1), $"The child process did not make {what}.");
    }

    /// <summary>Ends the process without giving it a chance to clean up (SIGKILL).</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
