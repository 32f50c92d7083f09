using System.Diagnostics;
using System.Globalization;
using Sinter.Cli.Shell;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Tensors;
using Sinter.Tensors.Profiling;
using Sinter.Training;

namespace Sinter.Cli.Bench;

/// <summary>Times a shape's steps and shows them: speed, then where time and memory go.</summary>
/// <param name="shape">What to time.</param>
/// <param name="device">Where.</param>
/// <param name="checkpoint">Whether blocks are computed again in the backward pass.</param>
internal sealed class StepReport(BenchShape shape, CpuDevice device, bool checkpoint = false)
{
    private const int WarmUp = 2;
    private const double LeastSeconds = 3;

    private readonly StepBench _bench = new(shape, device, checkpoint);
    private Timings _timings = new();
    private long _peakMemory;
    private TimeSpan _firstStep;

    /// <summary>Times steps that nobody profiles.</summary>
    /// <param name="steps">How many; null takes the shape's, and 3 seconds at least.</param>
    /// <param name="record">A folder for what another program needs to do the same steps, or null.</param>
    public StepReport Measure(int? steps = null, string? record = null)
    {
        var recorded = record is null ? null : _bench.Record(record);
        _bench.Step();
        _firstStep = SinceStart();
        for (int i = 1; i < WarmUp; i++) _bench.Step();
        _timings = _bench.Run(steps ?? shape.Steps, steps is null ? LeastSeconds : 0, n => Messages.Progress($"{shape.Name}: step {n}"));
        _peakMemory = PeakMemory.Bytes();
        recorded?.Write();
        Messages.EndProgress();
        return this;
    }

    /// <summary>Writes the figures as one JSON object.</summary>
    public void WriteJson() => JsonOutput.Write(json =>
    {
        json.WriteString("config", shape.Name);
        json.WriteNumber("batch", shape.Batch);
        json.WriteNumber("context", shape.Config.ContextLength);
        json.WriteString("precision", PrecisionNames.Of(device.Precision));
        json.WriteBoolean("activation_checkpointing", checkpoint);
        json.WriteNumber("tokens_per_second", Math.Round(shape.Tokens / _timings.Median, 1));
        json.WriteNumber("best", Math.Round(shape.Tokens / _timings.Best, 1));
        json.WriteNumber("ms_per_step", Math.Round(_timings.Median * 1e3, 3));
        json.WriteNumber("peak_mib", _peakMemory >> 20);
        json.WriteNumber("threads", device.Workers.Count);
        json.WriteString("instruction_set", device.InstructionSet);
        json.WriteNumber("steps", _timings.Count);
        json.WriteNumber("first_step_ms", Math.Round(_firstStep.TotalMilliseconds));
        json.WriteNumber("loss", Math.Round(_bench.Loss, 4));
    });

    /// <summary>Writes the figures as text, and the tables of some profiled steps more.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="peaks">What shares are of; null shows none.</param>
    public void Show(TextWriter output, MachinePeaks? peaks = null)
    {
        new Fields()
            .Add("shape", $"{shape.Name}: {shape.Description}, {shape.Tokens} tokens a step")
            .Add("kernels", $"{device.InstructionSet}, {device.Workers.Count} threads")
            .Add("tokens per second", $"{Figure(shape.Tokens / _timings.Median)} (best {Figure(shape.Tokens / _timings.Best)})")
            .Add("step", $"{(_timings.Median * 1e3).ToString("0.00", CultureInfo.InvariantCulture)} ms, median of {_timings.Count}")
            .Write(output);
        var profile = device.Profile = new OpProfile();
        _bench.Run(Math.Min(_timings.Count, shape.Steps), 0, n => Messages.Progress($"{shape.Name}: profiling step {n}"));
        device.Profile = null;
        Messages.EndProgress();
        double gflops = peaks?.Of(device.Precision).AllThreads ?? 0;
        Write(output, ProfileTables.Parts(profile));
        Write(output, ProfileTables.Operations(profile, gflops, peaks?.Copy.AllThreads ?? 0));
        Write(output, ProfileTables.Products(profile, gflops));
        // After other measurements the process's peak is not about this shape.
        Write(output, ProfileTables.Memory(MemoryUse.Of(device, profile), peaks is null ? _peakMemory : 0));
    }

    private static void Write(TextWriter output, IEnumerable<string> table)
    {
        output.WriteLine();
        foreach (string line in table) output.WriteLine(line);
    }

    /// <summary>Time since the process began, the start of the runtime included; of a hundredth of a second on Linux.</summary>
    private static TimeSpan SinceStart()
    {
        using var process = Process.GetCurrentProcess();
        return DateTime.Now - process.StartTime;
    }

    private static string Figure(double value) => value.ToString(value < 1000 ? "N1" : "N0", CultureInfo.InvariantCulture);
}
