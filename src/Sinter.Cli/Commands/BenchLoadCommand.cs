using System.CommandLine;
using System.Globalization;
using Sinter.Checkpoints;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench load</c>.</summary>
internal static class BenchLoadCommand
{
    private static readonly Argument<string> Folder = ModelLoading.Folder();
    private static readonly Option<int> Runs = OptionParsing.Number("--runs", "Loads to time, after one that warms up.", 5);
    private static readonly Option<bool> Cold = new("--cold") { Description = "Drop the files from the system's cache before each read (Linux)." };
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<bool> Json = OptionParsing.Json(
        "Print one object: format, bytes, cold, read_seconds (into memory), pass_seconds (into one buffer), load_seconds, ratio (load to read; medians).");

    public static Command Create()
    {
        var command = new ExampleCommand("load", "Time how long a model takes to load, beside one thread that reads its weight files into memory, or only passes over them, in turn.",
            "sinter bench load gpt2/", "sinter bench load gpt2/ --cold") { Folder, Runs, Cold, Threads, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int runs = parsed.GetValue(Runs);
        if (runs < 1) throw new UsageException($"--runs: {runs} is out of range; give 1 or more.");
        bool cold = parsed.GetValue(Cold);
        var bench = new LoadBench(ModelFolder.Resolve(parsed.GetValue(Folder)!), parsed.GetValue(Threads));
        Timings reads = new(), passes = new(), loads = new(), ratios = new();
        bench.Load(cold: false);
        for (int i = 0; i < runs; i++)
        {
            Messages.Progress($"load {i + 1}");
            TimeSpan pass = bench.Read(cold), read = bench.ReadToMemory(cold), load = bench.Load(cold);
            passes.Add(pass);
            reads.Add(read);
            loads.Add(load);
            ratios.Add(TimeSpan.FromSeconds(load / read));
        }
        Messages.EndProgress();
        if (parsed.GetValue(Json)) Write(bench, cold, reads, passes, loads, ratios.Median);
        else
            new Fields()
                .Add("weights", $"{HumanFormat.Bytes(bench.Bytes)} of {bench.Format}, {(cold ? "not in" : "in")} the system's cache")
                .Add("passed over", Text(bench, passes))
                .Add("read", Text(bench, reads))
                .Add("load", Text(bench, loads))
                .Add("load / read", ratios.Median.ToString("0.00", CultureInfo.InvariantCulture))
                .Write(StandardOutput.Open());
        return ExitCode.Success;
    }

    private static string Text(LoadBench bench, Timings times) =>
        $"{HumanFormat.Number(times.Median)} s, {HumanFormat.Bytes((long)(bench.Bytes / times.Median))}/s (best {HumanFormat.Number(times.Best)} s)";

    private static void Write(LoadBench bench, bool cold, Timings reads, Timings passes, Timings loads, double ratio) => JsonOutput.Write(json =>
    {
        json.WriteString("format", bench.Format);
        json.WriteNumber("bytes", bench.Bytes);
        json.WriteBoolean("cold", cold);
        json.WriteNumber("read_seconds", reads.Median);
        json.WriteNumber("pass_seconds", passes.Median);
        json.WriteNumber("load_seconds", loads.Median);
        json.WriteNumber("ratio", ratio);
    });
}
