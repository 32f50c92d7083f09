using System.Text;
using Microsoft.Extensions.Logging;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Runs;

namespace Sinter.Tests.Checkpoints;

public sealed class RunFolderTests
{
    [Fact]
    public void Runs_that_begin_in_the_same_second_have_folders_of_their_own()
    {
        using var folder = new TempFolder();
        var clock = new StoppedClock();
        var runs = new string[8];
        Parallel.For(0, runs.Length, i => runs[i] = RunFolder.Create(folder["runs"], "tiny", clock).Path);
        string first = folder["runs/tiny-20250102-030405"];
        Assert.Equal([first, .. Enumerable.Range(2, 7).Select(i => $"{first}-{i}")], runs.Order(StringComparer.Ordinal));
        Assert.All(runs, path => Assert.True(RunFolder.IsRun(path)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a\nb")]
    public void A_name_that_no_folder_can_have_is_refused(string name)
    {
        using var folder = new TempFolder();
        Assert.Contains("can't be the name of a run", Assert.Throws<CheckpointException>(() => RunFolder.Create(folder.Path, name)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_not_opened()
    {
        using var folder = new TempFolder();
        Assert.Contains("not a run", Assert.Throws<CheckpointException>(() => RunFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<CheckpointException>(() => RunFolder.Open(folder["none"])).Message, StringComparison.Ordinal);
        string parent = folder.File("file", [1]);
        Assert.Throws<CheckpointException>(() => RunFolder.Create(parent, "tiny"));
    }

    [Fact]
    public void The_newest_good_checkpoint_is_found_and_damaged_ones_are_named()
    {
        using var folder = new TempFolder();
        RunFolder run = RunFolder.Create(folder.Path, "tiny");
        Assert.Equal((null, 0), (run.NewestGood().Best, run.NewestGood().Rejected.Count));
        foreach (long step in (long[])[500, 1000, 1_500, 1_000_000, 2_000_000])
            run.Save(step, path => Fill(path, step));
        string[] others = ["step-1", "step-0000003", "step-", "step-00000x", "step-+00001", ".step-000001.sinter-writing-0123456789abcdef"];
        foreach (string other in others)
            Directory.CreateDirectory(Path.Combine(run.CheckpointsPath, other));
        Assert.Equal([500, 1000, 1500, 1_000_000, 2_000_000], run.Checkpoints().Select(c => c.Step));
        Assert.Equal(2_000_000, run.NewestGood().Best!.Step);

        File.WriteAllText(Path.Combine(run.CheckpointsPath, "step-2000000", "large"), "damaged");
        File.Delete(Path.Combine(run.CheckpointsPath, "step-1000000", "manifest.json"));
        Directory.Delete(Path.Combine(run.CheckpointsPath, "step-001500"), recursive: true);
        Directory.Move(Path.Combine(run.CheckpointsPath, "step-001000"), Path.Combine(run.CheckpointsPath, "step-001500"));
        var log = new WarningLog();
        CheckpointSearch search = run.NewestGood(log);
        Assert.Equal(500, search.Best!.Step);
        Assert.Equal([2_000_000, 1_000_000, 1500], search.Rejected.Select(r => r.Checkpoint.Step));
        Assert.Contains("large: damaged", search.Rejected[0].Error.Message, StringComparison.Ordinal);
        Assert.Contains("manifest.json", search.Rejected[1].Error.Message, StringComparison.Ordinal);
        Assert.Contains("of step 1000", search.Rejected[2].Error.Message, StringComparison.Ordinal);
        Assert.Equal(3, log.Warnings.Count);

        foreach (RejectedCheckpoint rejected in search.Rejected)
            Assert.Equal(rejected.Checkpoint.Path + ".rejected", rejected.Checkpoint.SetAside());
        Assert.Equal([500], run.Checkpoints().Select(c => c.Step));
    }

    [Fact]
    public void Pruning_keeps_the_newest()
    {
        using var folder = new TempFolder();
        RunFolder run = RunFolder.Create(folder.Path, "tiny");
        for (long step = 1; step <= 5; step++)
            run.Save(step, path => Fill(path, step));
        run.Prune(7);
        Assert.Equal(5, run.Checkpoints().Count);
        run.Prune(2);
        Assert.Equal([4, 5], run.Checkpoints().Select(c => c.Step));
        Assert.Equal(2, Directory.GetFileSystemEntries(run.CheckpointsPath).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Prune(0));
    }

    [Fact]
    public void A_checkpoint_of_the_same_step_replaces_the_one_there()
    {
        using var folder = new TempFolder();
        RunFolder run = RunFolder.Create(folder.Path, "tiny");
        run.Save(5, path => Fill(path, 1));
        run.Save(5, path => Fill(path, 5));
        Assert.Equal("5", File.ReadAllText(Path.Combine(run.NewestGood().Best!.Path, "step")));
        Assert.Single(Directory.GetFileSystemEntries(run.CheckpointsPath));
    }

    [Fact]
    public void Two_locks_in_one_process_exclude_each_other()
    {
        using var folder = new TempFolder();
        RunFolder run = RunFolder.Create(folder.Path, "tiny");
        using (run.Lock())
            Assert.Contains($"process {Environment.ProcessId}", Assert.Throws<CheckpointException>(() => RunFolder.Open(run.Path).Lock()).Message,
                StringComparison.Ordinal);
        run.Lock().Dispose();
    }

    [Fact]
    public void A_lock_excludes_other_processes_and_ends_with_its_own()
    {
        using var folder = new TempFolder();
        RunFolder run = Named(folder);
        using var child = new ChildProcess(nameof(ChildProcessRoles.Hold_a_lock), folder.Path);
        child.WaitFor(folder["locked"]);
        string message = Assert.Throws<CheckpointException>(() => run.Lock()).Message;
        Assert.StartsWith(run.Path, message, StringComparison.Ordinal);
        Assert.Contains($"process {child.Id}", message, StringComparison.Ordinal);
        child.Kill();
        run.Lock().Dispose();
    }

    [Fact]
    public void A_process_killed_while_it_saves_leaves_a_complete_checkpoint_and_no_rubbish()
    {
        using var folder = new TempFolder();
        RunFolder run = Named(folder);
        var random = new Random(3);
        long newest = 0;
        for (int round = 0; round < 6; round++)
        {
            using (var child = new ChildProcess(nameof(ChildProcessRoles.Save_checkpoints_without_end), folder.Path))
            {
                // With the second checkpoint the model of the first is there.
                child.WaitFor(() => run.Checkpoints() is [.., var last] && last.Step > newest + 1, $"two checkpoints after step {newest}");
                Thread.Sleep(random.Next(200));
                child.Kill();
            }
            using RunLock held = run.Lock();
            CheckpointSearch search = run.NewestGood();
            Assert.Empty(search.Rejected);
            Assert.True(search.Best!.Step > newest);
            newest = search.Best.Step;
            Assert.Equal($"{newest}", File.ReadAllText(Path.Combine(search.Best.Path, "step")));
            Assert.InRange(newest - Manifest.Verify(run.ModelPath).Step, 0, 1);
            Assert.All(Directory.GetFileSystemEntries(run.CheckpointsPath), path => Assert.NotNull(Checkpoint.FromPath(path)));
            Assert.Equal([".lock", "checkpoints", "model"],
                Directory.GetFileSystemEntries(run.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Files that say which step they are of.</summary>
    internal static Dictionary<string, FileHash> Fill(string path, long step)
    {
        File.WriteAllText(Path.Combine(path, "step"), $"{step}");
        return new()
        {
            ["large"] = DurableFile.Write(Path.Combine(path, "large"), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{step} ", 50_000)))),
        };
    }

    private static RunFolder Named(TempFolder folder)
    {
        RunFolder created = RunFolder.Create(folder.Path, "tiny");
        Directory.Move(created.Path, folder["run"]);
        return RunFolder.Open(folder["run"]);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }

    private sealed class WarningLog : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
