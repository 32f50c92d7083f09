using System.Globalization;
using Sinter.Tests.Checkpoints;

namespace Sinter.Tests.Fuzz;

public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>Some damaged files of each kind, in every build.</summary>
    [Fact]
    public void A_few_damaged_files_are_read_or_refused() => Run(150, 1, null, isAlone: false);

    /// <summary>As many as <c>scripts/fuzz</c> says.</summary>
    [Fact(Explicit = true)]
    public void Damaged_files_are_read_or_refused_and_nothing_else_happens()
    {
        int count = Number("SINTER_FUZZ_COUNT", 20_000), seed = Number("SINTER_FUZZ_SEED", 1);
        Run(count, seed, Environment.GetEnvironmentVariable("SINTER_FUZZ_FINDINGS"), isAlone: true);
    }

    private void Run(int count, int seed, string? findings, bool isAlone)
    {
        using var work = new TempFolder();
        string folder = Directory.CreateDirectory(work["work"]).FullName;
        findings = Directory.CreateDirectory(findings ?? work["findings"]).FullName;
        HashSet<string> before = isAlone ? ProcessTraces.Now() : [];
        var runs = new List<FuzzRun>();
        foreach (FuzzTarget target in FuzzTarget.All)
        {
            var run = new FuzzRun(target, folder, findings);
            run.Try(count, seed);
            output.WriteLine(run.ToString());
            runs.Add(run);
        }
        foreach (string line in runs.SelectMany(r => r.Findings.Take(20))) output.WriteLine(line);
        string[] known = [.. FuzzTarget.All.Select(t => t.FileName), "written.json"];
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Except(known));
        Assert.Empty(Directory.EnumerateFiles(Environment.CurrentDirectory, "canary*"));
        // Other tests of the same process start and open what they need.
        if (isAlone) Assert.Empty(ProcessTraces.Now().Except(before));
        Assert.All(runs, run => Assert.Empty(run.Findings));
        // Neither everything nor nothing is damaged beyond reading.
        Assert.All(runs, run => Assert.InRange(run.Refused, count / 20, count - 1));
    }

    private static int Number(string variable, int missing) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : missing;
}
