using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Tests.Profiling;

public sealed class MachinePeaksTests
{
    [Fact]
    public void One_thread_is_all_threads_of_one()
    {
        using var device = new CpuDevice(1);
        var heard = new List<string>();
        var peaks = MachinePeaks.Measure(device, heard.Add);
        Assert.Equal(5, heard.Count);
        Assert.Equal(peaks.BFloat16, peaks.Of(Precision.BFloat16));
        foreach (var rate in (PeakRate[])[peaks.Float32, peaks.BFloat16, peaks.Read, peaks.Write, peaks.Copy])
        {
            Assert.Equal(rate.OneThread, rate.AllThreads);
            Assert.InRange(rate.OneThread, 0.1, 100_000);
        }
    }
}
