using System.CommandLine;
using System.Globalization;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Tensors.Profiling;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench</c>.</summary>
internal static class BenchCommand
{
    private static readonly Option<string> Shape = ShapeOption("Only this model and batch");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();

    public static Command Create()
    {
        var command = new ExampleCommand("bench",
            "Measure what this machine can do at its best, and how fast it trains four models: "
            + "time and rates of each operation, as shares of the best.",
            "sinter bench --precision bf16", "sinter bench --shape char")
        {
            BenchStepCommand.Create(), BenchMatmulCommand.Create(), BenchGenerateCommand.Create(), BenchOptimizerCommand.Create(),
            BenchLoadCommand.Create(), BenchTokenizerCommand.Create(), Shape, Precision, Threads,
        };
        command.SetAction(Run);
        return command;
    }

    /// <summary>The option of a shape.</summary>
    public static Option<string> ShapeOption(string description) => OptionParsing.Choice("--shape",
        $"{description}: {string.Join("; ", BenchShape.All.Select(s => $"{s.Name}, {s.Description}"))}.", [.. BenchShape.All.Select(s => s.Name)]);

    private static int Run(ParseResult parsed)
    {
        string? only = parsed.GetValue(Shape);
        var output = StandardOutput.Open();
        MachinePeaks peaks;
        using (var device = ModelLoading.Open(parsed.GetValue(Threads), "fp32"))
        {
            var machine = MachineInfo.Current;
            new Fields()
                .Add("processor", $"{machine.Processor}, {device.Workers.Count} of {machine.Processors} threads")
                .Add("memory", HumanFormat.Bytes(machine.MemoryBytes))
                .Add("system", $"{machine.System}, {machine.Runtime}")
                .Add("date", DateTime.Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))
                .Write(output);
            peaks = MachinePeaks.Measure(device, what => Messages.Progress("measuring " + what));
            Messages.EndProgress();
            Show(output, peaks);
        }
        foreach (var shape in BenchShape.All.Where(s => only is null || s.Name == only))
        {
            output.WriteLine();
            using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
            new StepReport(shape, device).Measure().Show(output, peaks);
        }
        return ExitCode.Success;
    }

    private static void Show(TextWriter output, MachinePeaks peaks)
    {
        var table = new TextTable("peak", "one thread", "all threads", "");
        (string Name, PeakRate Rate, string Unit)[] rows =
        [
            ("float32 products", peaks.Float32, "GFLOP/s"), ("bfloat16 products", peaks.BFloat16, "GFLOP/s"),
            ("memory, read", peaks.Read, "GB/s"), ("memory, write", peaks.Write, "GB/s"), ("memory, copy", peaks.Copy, "GB/s"),
        ];
        foreach (var (name, rate, unit) in rows) table.Add(name, Text(rate.OneThread), Text(rate.AllThreads), unit);
        output.WriteLine();
        foreach (string line in table.Lines()) output.WriteLine(line);
    }

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
