using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Runs;

namespace Sinter.Tests.Checkpoints;

/// <summary>What a <see cref="ChildProcess"/> does. Not tests by themselves: they run only when named.</summary>
public sealed class ChildProcessRoles
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [Fact(Explicit = true)]
    public void Hold_a_lock()
    {
        string folder = Folder();
        using RunLock held = RunFolder.Open(Path.Combine(folder, "run")).Lock();
        File.WriteAllText(Path.Combine(folder, "locked"), "");
        Thread.Sleep(Longest);
    }

    [Fact(Explicit = true)]
    public void Save_checkpoints_without_end()
    {
        RunFolder run = RunFolder.Open(Path.Combine(Folder(), "run"));
        using RunLock held = run.Lock();
        long step = run.Checkpoints() is [.., var newest] ? newest.Step : 0;
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < Longest;)
        {
            step++;
            run.Save(step, path => RunFolderTests.Fill(path, step));
            AtomicFolder.Write(run.ModelPath, path => Manifest.Write(path, step, RunFolderTests.Fill(path, step)));
            run.Prune(2);
        }
    }

    private static string Folder()
    {
        string? folder = Environment.GetEnvironmentVariable(ChildProcess.FolderVariable);
        Assert.SkipWhen(folder is null, "This is a part in another test's child process.");
        return folder!;
    }
}
