using System.Diagnostics;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Cli.Bench;

/// <summary>What an optimizer's update takes.</summary>
/// <param name="Bytes">Bytes that it has to read and write.</param>
/// <param name="Operations">Floating-point operations of its matrix products.</param>
/// <param name="Seconds">The median of the updates.</param>
/// <param name="Reached">Bytes per second, as a share of what memory gave just before and after to a pass that reads and writes in place: the median.</param>
internal readonly record struct OptimizerFigures(long Bytes, double Operations, double Seconds, double Reached)
{
    public double GigabytesPerSecond => Bytes / Seconds / 1e9;

    public double Gflops => Operations / Seconds / 1e9;
}

/// <summary>Updates of the matrices of linear layers that all have a gradient, one after the other.</summary>
internal sealed class OptimizerBench : IDisposable
{
    private const int Width = 1024;
    private const double MostSeconds = 10;
    private readonly CpuDevice _device;
    private readonly Parameter[] _parameters;

    /// <summary>Makes the matrices and their gradients.</summary>
    public OptimizerBench(CpuDevice device, long parameters)
    {
        _device = device;
        long rows = Math.Max(1, parameters / Width), matrices = (rows + Width - 1) / Width;
        _parameters = [.. Enumerable.Range(0, (int)matrices).Select(i => Matrix(i, Math.Min(Width, rows - i * (long)Width)))];
        foreach (var p in _parameters)
        {
            using var scope = device.Scope("gradient");
            var w = p.Value.Span;
            for (int i = 0; i < w.Length; i++) w[i] = (i * 7919L % 2003 - 1001) * 1e-3f;
            Op.Sum(Op.Multiply(p.Value, p.Value)).Backward();
        }
    }

    /// <summary>Parameters in all.</summary>
    public long Count => _parameters.Sum(p => p.Value.Count);

    /// <summary>Times updates, for ten seconds at most, once the first has changed every weight to a number.</summary>
    /// <exception cref="SinterException">It did not: there is nothing to time.</exception>
    public OptimizerFigures Run(OptimizerOptions options, int updates)
    {
        var optimizer = options.Create(_parameters);
        var before = _parameters[^1].Value.ToArray();
        _device.Profile = new OpProfile();
        using (_device.Profile.Step()) optimizer.Update(options.LearningRate, 1);
        double bytes = _device.Profile.Rows.Sum(r => r.Bytes), operations = _device.Profile.Rows.Sum(r => r.Operations);
        _device.Profile = null;
        Check(options.Name, before);
        var (timings, reached) = (new Timings(), new List<double>());
        double rate = MachinePeaks.MeasureUpdate(_device).AllThreads;
        while (timings.Count < updates && (timings.Count == 0 || timings.Total < MostSeconds))
        {
            long began = Stopwatch.GetTimestamp();
            optimizer.Update(options.LearningRate, 1);
            var time = Stopwatch.GetElapsedTime(began);
            // Others may be using the memory too, and change their minds.
            double after = MachinePeaks.MeasureUpdate(_device).AllThreads;
            timings.Add(time);
            reached.Add(bytes / time.TotalSeconds / 1e9 / ((rate + after) / 2));
            rate = after;
        }
        reached.Sort();
        return new OptimizerFigures((long)bytes, operations, timings.Median, (reached[(reached.Count - 1) / 2] + reached[reached.Count / 2]) / 2);
    }

    public void Dispose() => _device.Dispose();

    private Parameter Matrix(int number, long rows) =>
        new($"weight{number}", _device.Parameter(new Shape(rows, Width))) { Outputs = [(int)rows] };

    private void Check(string name, float[] before)
    {
        var after = _parameters[^1].Value.Span;
        int same = 0;
        for (int i = 0; i < before.Length; i++) same += before[i] == after[i] && before[i] != 0 ? 1 : 0;
        if (same > before.Length / 100 || !TensorPrimitives.IsFiniteAll<float>(after))
            throw new SinterException($"The first update of {name} left {same} of {before.Length} weights as they were, or no numbers; nothing was timed.");
    }
}
