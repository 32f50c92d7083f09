using System.Diagnostics;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Profiling;

/// <summary>How fast the device's threads read memory that no cache holds: the floor of what reads every weight once, as a token of generation does.</summary>
public static unsafe class ReadBandwidth
{
    private const int TileBytes = 1 << 20;

    /// <summary>Bytes per second of one pass over <paramref name="bytes"/> bytes, the best of <paramref name="passes"/>.</summary>
    /// <param name="device">Whose threads read.</param>
    /// <param name="bytes">Far more than the caches.</param>
    /// <param name="passes">From 1; one more comes before and is not timed.</param>
    public static double Measure(CpuDevice device, long bytes = 512L << 20, int passes = 5)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, TileBytes);
        int tiles = checked((int)(bytes / TileBytes));
        byte* block = (byte*)Sinter.Tensors.Memory.SystemMemory.Allocate((long)tiles * TileBytes);
        try
        {
            device.Clear(block, (long)tiles * TileBytes);   // pages that were never written are all one page
            double best = double.PositiveInfinity;
            float* sums = stackalloc float[device.Workers.Count * Vec.Count];
            for (int pass = 0; pass <= passes; pass++)
            {
                long began = Stopwatch.GetTimestamp();
                device.Workers.Run(tiles, new Read(block, sums));
                double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (pass > 0) best = Math.Min(best, seconds);
            }
            return (double)tiles * TileBytes / best;
        }
        finally
        {
            Sinter.Tensors.Memory.SystemMemory.Free(block);
        }
    }

    private readonly struct Read(byte* block, float* sums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            float* x = (float*)(block + (long)tile * TileBytes);
            Vec s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = 0; i < TileBytes / sizeof(float); i += 4 * Vec.Count)
            {
                s0 += Vector512.Load(x + i);
                s1 += Vector512.Load(x + i + Vec.Count);
                s2 += Vector512.Load(x + i + 2 * Vec.Count);
                s3 += Vector512.Load(x + i + 3 * Vec.Count);
            }
            Vector512.Store(s0 + s1 + (s2 + s3), sums + worker * Vec.Count);
        }
    }
}
