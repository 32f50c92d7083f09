using System.Diagnostics;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Profiling;

/// <summary>A figure for one thread and for all of them.</summary>
/// <param name="OneThread">With one.</param>
/// <param name="AllThreads">With all of the device.</param>
public readonly record struct PeakRate(double OneThread, double AllThreads);

/// <summary>
/// What a processor can do at its best, measured: the micro-kernels of the matrix product over panels that stay in the first-level cache, in
/// GFLOP/s, and memory far larger than the caches, in GB/s. The best of several tries, since what disturbs only slows.
/// </summary>
/// <param name="Float32">Float32 products.</param>
/// <param name="BFloat16">Bfloat16 products, where the processor has them or not.</param>
/// <param name="Read">Bytes read.</param>
/// <param name="Write">Bytes written.</param>
/// <param name="Copy">Bytes read and bytes written.</param>
public sealed record MachinePeaks(PeakRate Float32, PeakRate BFloat16, PeakRate Read, PeakRate Write, PeakRate Copy)
{
    private const double LeastSeconds = 0.25;
    private const int LeastTries = 5;
    private const long MostBytes = 256L << 20;

    /// <summary>Measures, in some seconds and at most 512 MiB.</summary>
    /// <param name="device">Whose threads.</param>
    /// <param name="progress">Hears what is measured.</param>
    public static MachinePeaks Measure(CpuDevice device, Action<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new MachinePeaks(
            Products(device, Precision.Float32, progress),
            Products(device, Precision.BFloat16, progress),
            Bandwidth(device, MemoryTraffic.Read, progress),
            Bandwidth(device, MemoryTraffic.Write, progress),
            Bandwidth(device, MemoryTraffic.Copy, progress));
    }

    /// <summary>
    /// GB/s of memory read alone, in the mean of a few passes: the floor of what reads every weight once, as a token of generation does, for
    /// comparison with what ran just before or after where others use the same memory.
    /// </summary>
    public static PeakRate MeasureRead(CpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Bandwidth(device, MemoryTraffic.Read, null, Mean);
    }

    /// <summary>
    /// GB/s of memory that is read and written in place, in the mean of a few passes: what an update of weights and moments can have. More than that of a copy, for which
    /// the processor reads the target too; for comparison with what ran just before or after.
    /// </summary>
    public static PeakRate MeasureUpdate(CpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Bandwidth(device, MemoryTraffic.Copy, null, Mean, inPlace: true);
    }

    /// <summary>The peak of products in a precision.</summary>
    public PeakRate Of(Precision precision) => precision == Precision.BFloat16 ? BFloat16 : Float32;

    private static PeakRate Products(CpuDevice device, Precision precision, Action<string>? progress)
    {
        var kernel = MicroKernels.For(precision);
        progress?.Invoke($"peak of {kernel.Set.Name()}");
        return Both(device, workers =>
        {
            double seconds = Best(() => device.Workers.Run(workers, new KernelLoop(kernel)));
            return KernelLoop.Operations(kernel) * workers / seconds / 1e9;
        });
    }

    private static unsafe PeakRate Bandwidth(CpuDevice device, MemoryTraffic traffic, Action<string>? progress, Func<Action, double>? timed = null, bool inPlace = false)
    {
        progress?.Invoke($"memory, {traffic.ToString().ToLowerInvariant()}");
        long bytes = Math.Min(MostBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8) / MemoryLoop.Chunk * MemoryLoop.Chunk;
        byte* source = (byte*)SystemMemory.Allocate(2 * bytes);
        try
        {
            // So that each page is there before the clock starts.
            device.Workers.Run(1, new MemoryLoop(MemoryTraffic.Write, source, source, 2 * bytes, 1));
            return Both(device, workers =>
            {
                var loop = new MemoryLoop(traffic, source, inPlace ? source : source + bytes, bytes, workers);
                double seconds = (timed ?? Best)(() => device.Workers.Run(workers, loop));
                return (traffic == MemoryTraffic.Copy ? 2.0 : 1.0) * bytes / seconds / 1e9;
            });
        }
        finally
        {
            SystemMemory.Free(source);
        }
    }

    private static PeakRate Both(CpuDevice device, Func<int, double> rate)
    {
        double one = rate(1);
        return new PeakRate(one, device.Workers.Count == 1 ? one : Math.Max(one, rate(device.Workers.Count)));
    }

    private static double Mean(Action work)
    {
        work();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastTries; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / LeastTries;
    }

    private static double Best(Action work)
    {
        double best = double.PositiveInfinity;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastTries || Stopwatch.GetElapsedTime(began).TotalSeconds < LeastSeconds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
