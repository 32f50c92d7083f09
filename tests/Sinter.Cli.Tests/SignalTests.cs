using Sinter.Monitoring;

namespace Sinter.Cli.Tests;

/// <summary>Runs that are stopped, and what comes of them.</summary>
public sealed class SignalTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("INT", 130), InlineData("TERM", 143), InlineData("HUP", 129)]
    public void A_signal_saves_and_resuming_gives_the_same_bits(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals between processes.");
        using var workspace = new Workspace();
        string[] lengths = ["--set", "training.max_steps=400", "--set", "training.save_every=20", "--set", "training.eval_every=50"];
        string[] train = ["train", "recipe.yaml", .. lengths, "--run"];
        using var process = Cli.Start(workspace.Folder, [.. train, "stopped"]);
        Cli.WaitForLines(process, workspace["stopped/metrics.jsonl"], 20);
        Cli.Signal(process, signal);
        var stopped = Cli.Wait(process).Expect(exitCode);
        Assert.Contains("train --run stopped --resume", stopped.Output);
        long step = MetricsLine.Read(workspace["stopped/metrics.jsonl"]).Last().Step;
        Assert.InRange(step, 1, 399);
        Assert.True(Directory.Exists(workspace[$"stopped/checkpoints/step-{step:D6}"]));

        Assert.Contains($"going on from step {step}", workspace.Run("train", "--run", "stopped", "--resume").Expect(0).Output);
        workspace.Run([.. train, "whole"]).Expect(0);
        RunComparison.AssertSame(workspace["whole"], workspace["stopped"]);
    }

    [Fact]
    public void A_second_signal_stops_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals between processes.");
        using var workspace = new Workspace();
        // One step of this takes minutes, so the first signal alone would not end it in time.
        string[] lengths = ["--set", "training.gradient_accumulation=20000", "--set", "training.max_steps=100000"];
        using var process = Cli.Start(workspace.Folder, ["train", "recipe.yaml", "--run", "run", .. lengths]);
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("step 0/", StringComparison.Ordinal))
        {
        }
        Cli.Signal(process, "INT");
        Thread.Sleep(500);
        Assert.False(process.HasExited);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Cli.Signal(process, "INT");
        Cli.Wait(process).Expect(130);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        Assert.False(Directory.Exists(workspace["run/model"]));
    }

    [Fact]
    public void Two_processes_do_not_write_into_one_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The first process is stopped by a signal.");
        using var workspace = new Workspace();
        using var process = Cli.Start(workspace.Folder, "train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=1000000");
        Cli.WaitForLines(process, workspace["run/metrics.jsonl"], 1);
        var second = workspace.Run("train", "--run", "run", "--resume").Expect(1);
        Assert.Contains("is writing to this run", second.Error);
        Cli.Signal(process, "TERM");
        Cli.Wait(process).Expect(143);
    }

    [Fact]
    public void Killed_at_random_instants_and_resumed_it_gives_the_same_bits()
    {
        using var workspace = new Workspace();
        new ResumeSoak(workspace.Folder, kills: 3, steps: 200, seed: 1, output.WriteLine).Run();
    }

    /// <summary>As many kills as SINTER_SOAK_KILLS says, at instants that SINTER_SOAK_SEED decides: see scripts/resume-soak.</summary>
    [Fact(Explicit = true)]
    public void Soak()
    {
        using var workspace = new Workspace();
        int kills = Setting("SINTER_SOAK_KILLS", 20), steps = Setting("SINTER_SOAK_STEPS", 1000);
        int seed = Setting("SINTER_SOAK_SEED", Environment.TickCount & 0xffff);
        new ResumeSoak(workspace.Folder, kills, steps, seed, output.WriteLine).Run();
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out int value)
            ? value
            : otherwise;
}
