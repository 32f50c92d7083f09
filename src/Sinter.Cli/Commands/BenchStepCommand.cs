using System.CommandLine;
using System.Globalization;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Tensors;
using Sinter.Tensors.Profiling;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench step</c>.</summary>
internal static class BenchStepCommand
{
    private const int WarmUp = 2;
    private const double LeastSeconds = 3;

    private static readonly Option<string> Shape = OptionParsing.Choice("--shape",
        "The model and batch: " + string.Join("; ", BenchShape.All.Select(s => $"{s.Name}, {s.Description}")) + ".", [.. BenchShape.All.Select(s => s.Name)]);
    private static readonly Option<int?> Steps =
        OptionParsing.OptionalNumber<int>("--steps", "Steps to time, after two that warm up [default: the shape's, for 3 seconds at least].");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json = OptionParsing.Json(
        "Print one object: config, precision, tokens_per_second (median), best, ms_per_step, peak_mib, threads, instruction_set, steps, loss.");

    public static Command Create()
    {
        Shape.Required = true;
        var command = new ExampleCommand("step",
            "Time training steps on random tokens (forward, loss, backward, clip, AdamW), and show where their time and memory go.",
            "sinter bench step --shape gpt2-short --precision bf16 --json") { Shape, Precision, Steps, Threads, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var shape = BenchShape.Find(parsed.GetValue(Shape)!)!;
        int? steps = parsed.GetValue(Steps);
        if (steps is < 1) throw new UsageException($"--steps: {steps} is out of range; give 1 or more.");
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var bench = new StepBench(shape, device);
        for (int i = 0; i < WarmUp; i++) bench.Step();
        var timings = bench.Run(steps ?? shape.Steps, steps is null ? LeastSeconds : 0, n => Messages.Progress($"step {n}"));
        Messages.EndProgress();
        long peak = PeakMemory.Bytes();
        if (parsed.GetValue(Json)) Write(shape, device, bench, timings, peak);
        else Show(shape, device, bench, timings, peak);
        return ExitCode.Success;
    }

    private static void Show(BenchShape shape, CpuDevice device, StepBench bench, Timings timings, long peak)
    {
        var output = StandardOutput.Open();
        new Fields()
            .Add("shape", $"{shape.Name}: {shape.Description}, {shape.Tokens} tokens a step")
            .Add("kernels", $"{device.InstructionSet}, {device.Workers.Count} threads")
            .Add("tokens per second", $"{Figure(shape.Tokens / timings.Median)} (best {Figure(shape.Tokens / timings.Best)})")
            .Add("step", $"{(timings.Median * 1e3).ToString("0.00", CultureInfo.InvariantCulture)} ms, median of {timings.Count}")
            .Add("peak memory", HumanFormat.Bytes(peak))
            .Write(output);
        // Steps of their own: the figures above are of steps that nobody watched.
        device.Profile = new OpProfile();
        bench.Run(Math.Min(timings.Count, shape.Steps), 0, n => Messages.Progress($"profiling step {n}"));
        Messages.EndProgress();
        foreach (var table in (IEnumerable<string>[])[ProfileTables.Operations(device.Profile), ProfileTables.Products(device.Profile),
            ProfileTables.Memory(MemoryUse.Of(device), peak)])
        {
            output.WriteLine();
            foreach (string line in table) output.WriteLine(line);
        }
    }

    private static void Write(BenchShape shape, CpuDevice device, StepBench bench, Timings timings, long peak) => JsonOutput.Write(json =>
    {
        json.WriteString("config", shape.Name);
        json.WriteString("precision", PrecisionName.Of(device.Precision));
        json.WriteNumber("tokens_per_second", Math.Round(shape.Tokens / timings.Median, 1));
        json.WriteNumber("best", Math.Round(shape.Tokens / timings.Best, 1));
        json.WriteNumber("ms_per_step", Math.Round(timings.Median * 1e3, 3));
        json.WriteNumber("peak_mib", peak >> 20);
        json.WriteNumber("threads", device.Workers.Count);
        json.WriteString("instruction_set", device.InstructionSet);
        json.WriteNumber("steps", timings.Count);
        json.WriteNumber("loss", Math.Round(bench.Loss, 4));
    });

    private static string Figure(double value) => value.ToString(value < 1000 ? "N1" : "N0", CultureInfo.InvariantCulture);
}
