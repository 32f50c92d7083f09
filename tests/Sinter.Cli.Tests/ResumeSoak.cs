using System.Diagnostics;

namespace Sinter.Cli.Tests;

/// <summary>
/// Trains a run to its end, and another that is killed (SIGKILL, or what the system has instead) at random instants and resumed each time; then
/// compares them bit for bit.
/// Checkpoints are written so often that kills hit them too.
/// </summary>
/// <param name="folder">A workspace's folder.</param>
/// <param name="kills">How many times.</param>
/// <param name="steps">Steps of a run.</param>
/// <param name="seed">Decides the instants.</param>
/// <param name="tell">Hears what happens.</param>
internal sealed class ResumeSoak(string folder, int kills, int steps, int seed, Action<string> tell)
{
    private readonly Random _random = new(seed);
    private TimeSpan _whole;
    private int _withinSaves, _afterEnd;

    public void Run()
    {
        var clock = Stopwatch.StartNew();
        Cli.Run(folder, Train("whole")).Expect(0);
        _whole = clock.Elapsed;
        tell($"seed {seed}; uninterrupted: {steps} steps in {_whole.TotalSeconds:F1} s");
        for (int kill = 1; kill <= kills; kill++) KillOnce(kill);
        Cli.Run(folder, Train("killed")).Expect(0);
        RunComparison.AssertSame(Path.Combine(folder, "whole"), Path.Combine(folder, "killed"));
        Assert.True(_afterEnd <= kills / 3, $"{_afterEnd} of {kills} kills came after the end; use more steps.");
        tell($"{kills} kills, {_withinSaves} of them within a save, {_afterEnd} after the end: weights and figures are the same, bit for bit");
    }

    private string[] Train(string run) =>
    [
        "train", "recipe.yaml", "--run", run, "--resume",
        "--set", $"training.max_steps={steps}", "--set", "training.save_every=5", "--set", "training.eval_every=7",
    ];

    // Spread over the whole run, or at the start where the last kill was later; then a moment, to hit any instant of a step or a save.
    private void KillOnce(int kill)
    {
        string run = Path.Combine(folder, "killed");
        var leftovers = Unfinished(run);
        int target = (int)(steps * (kill - 1 + _random.NextDouble()) / (kills + 0.5));
        using var process = Cli.Start(folder, Train("killed"));
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        for (var clock = Stopwatch.StartNew(); Steps(run) < target && !process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(1);) Thread.Sleep(1);
        Thread.Sleep((int)(_random.NextDouble() * Math.Min(200, _whole.TotalMilliseconds / kills)));
        bool ended = process.HasExited;
        process.Kill();
        process.WaitForExit();
        Assert.False(ended && process.ExitCode != 0, $"It failed by itself.\n{output.Result}\n{error.Result}");
        var torn = Unfinished(run).Except(leftovers).ToList();
        if (torn.Count > 0) _withinSaves++;
        if (ended) _afterEnd++;
        string within = torn.Count > 0 ? $", while writing {string.Join(", ", torn)}" : "";
        tell($"kill {kill}: after step {Steps(run)}{within}{(ended ? ", after its end" : "")}");
    }

    private static int Steps(string run)
    {
        string path = Path.Combine(run, "metrics.jsonl");
        if (!File.Exists(path)) return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Math.Max(0, new StreamReader(file).ReadToEnd().Count(c => c == '\n') - 1);
    }

    private static List<string> Unfinished(string run) => !Directory.Exists(run) ? [] :
        [.. Directory.EnumerateFileSystemEntries(run, "*", SearchOption.AllDirectories)
            .Where(p => Path.GetFileName(p).Contains(".sinter-", StringComparison.Ordinal)).Select(p => Path.GetRelativePath(run, p))];
}
