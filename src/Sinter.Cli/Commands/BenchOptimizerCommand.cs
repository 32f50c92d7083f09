using System.CommandLine;
using System.Globalization;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Optimizers;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench optimizer</c>.</summary>
internal static class BenchOptimizerCommand
{
    private static readonly Option<string[]> Optimizers = new("--optimizer")
    {
        Description = "Only this one, as in a recipe: a name, or a mapping with its options; may be given several times.",
        HelpName = "NAME",
    };

    private static readonly Option<long> Parameters = OptionParsing.Number("--parameters", "Parameters, rounded to whole rows of 1024.", 100_000_000L);
    private static readonly Option<int> Updates = OptionParsing.Number("--updates", "The most updates to time, after one that warms up; ten seconds are enough.", 5);
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: parameters, threads, instruction_set, and optimizers, each with optimizer, "
        + "bytes, seconds (median), gigabytes_per_second, bandwidth_reached and gflops.");

    public static Command Create()
    {
        var command = new ExampleCommand("optimizer",
            "Time each optimizer's update of many parameters, and compare with the time in which memory gives the bytes that it has to move.",
            "sinter bench optimizer", "sinter bench optimizer --optimizer \"{ name: sgd, momentum: 0.9 }\" --parameters 10000000 --json")
        {
            Optimizers, Parameters, Updates, Threads, Precision, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        long parameters = parsed.GetValue(Parameters);
        int updates = parsed.GetValue(Updates);
        if (parameters < 1) throw new UsageException($"--parameters: {parameters} is out of range; give 1 or more.");
        if (updates < 1) throw new UsageException($"--updates: {updates} is out of range; give 1 or more.");
        string[] asked = parsed.GetValue(Optimizers) is { Length: > 0 } some ? some : [.. OptimizerRegistry.All.Names];
        List<(string Text, OptimizerOptions Options)> all = [.. asked.Select(text => (text, DefaultRecipe.Read([$"training.optimizer={text}"]).Training.Optimizer))];
        var rows = new List<(string Text, OptimizerFigures Figures)>();
        var machine = (Threads: 0, Set: "", Count: 0L);
        foreach (var (text, options) in all)
        {
            Messages.Progress(options.Name);
            // A device of its own, so that the states of the one before are gone.
            var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
            using var bench = new OptimizerBench(device, parameters);
            rows.Add((text, bench.Run(options, updates)));
            machine = (device.Workers.Count, device.InstructionSet, bench.Count);
        }
        Messages.EndProgress();
        if (parsed.GetValue(Json)) Write(machine, rows);
        else Show(machine, rows);
        return ExitCode.Success;
    }

    private static void Show((int Threads, string Set, long Count) machine, List<(string Text, OptimizerFigures Figures)> rows)
    {
        var output = StandardOutput.Open();
        new Fields().Add("parameters", HumanFormat.Count(machine.Count)).Add("kernels", $"{machine.Set}, {machine.Threads} threads").Write(output);
        var table = new TextTable("update", "bytes per parameter", "ms", "GB/s", "of memory in place", "GFLOP/s");
        foreach (var (text, f) in rows)
            table.Add(text, Text((double)f.Bytes / machine.Count), Text(f.Seconds * 1e3), Text(f.GigabytesPerSecond), HumanFormat.Percent(f.Reached),
                f.Operations > 0 ? Text(f.Gflops) : "");
        output.WriteLine();
        foreach (string line in table.Lines()) output.WriteLine(line);
    }

    private static void Write((int Threads, string Set, long Count) machine, List<(string Text, OptimizerFigures Figures)> rows) => JsonOutput.Write(json =>
    {
        json.WriteNumber("parameters", machine.Count);
        json.WriteNumber("threads", machine.Threads);
        json.WriteString("instruction_set", machine.Set);
        json.WriteStartArray("optimizers");
        foreach (var (text, f) in rows)
        {
            json.WriteStartObject();
            json.WriteString("optimizer", text);
            json.WriteNumber("bytes", f.Bytes);
            json.WriteNumber("seconds", Math.Round(f.Seconds, 6));
            json.WriteNumber("gigabytes_per_second", Math.Round(f.GigabytesPerSecond, 2));
            json.WriteNumber("bandwidth_reached", Math.Round(f.Reached, 3));
            json.WriteNumber("gflops", Math.Round(f.Gflops, 2));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
