using System.Runtime.Intrinsics;
using Sinter.Tensors.Profiling;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>Averages of weights: one pass over memory on all threads. Each number is rounded once.</summary>
public static unsafe class WeightBlend
{
    private const int TileElements = 16 * 1024;

    /// <summary>average ← (1 − share) · average + share · weight. A share of 1 copies.</summary>
    public static void Blend(Tensor average, Tensor weight, double share)
    {
        var cpu = Begin(average, weight);
        cpu.Workers.Run(Tiles(weight.Count), new Mix(average.F32(), weight.F32(), weight.Count, share));
    }

    /// <summary>Exchanges the elements of two tensors of one shape.</summary>
    public static void Exchange(Tensor first, Tensor second)
    {
        var cpu = Begin(first, second);
        cpu.WeightsChanged();
        cpu.Workers.Run(Tiles(first.Count), new Swap(first.F32(), second.F32(), first.Count));
    }

    private static CpuDevice Begin(Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape) throw new ArgumentException($"[weight_blend] the shapes {a.Shape} and {b.Shape} differ.");
        return CpuDevice.Of(a, OpProfile.Update);
    }

    private static int Tiles(long count) => checked((int)((count + TileElements - 1) / TileElements));

    private static (long Start, long End) Range(int tile, long count) => ((long)tile * TileElements, Math.Min((tile + 1L) * TileElements, count));

    private readonly struct Mix(float* average, float* weight, long count, double share) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            double rest = 1 - share;
            var (i, end) = Range(tile, count);
            for (; i + DoubleLanes<float>.Count <= end; i += DoubleLanes<float>.Count)
                DoubleLanes<float>.Store(DoubleLanes<float>.Load(average + i) * rest + DoubleLanes<float>.Load(weight + i) * share, average + i);
            for (; i < end; i++) average[i] = (float)(average[i] * rest + weight[i] * share);
        }
    }

    private readonly struct Swap(float* first, float* second, long count) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (i, end) = Range(tile, count);
            for (; i + Vec.Count <= end; i += Vec.Count)
            {
                Vec a = Vector512.Load(first + i), b = Vector512.Load(second + i);
                Vector512.Store(b, first + i);
                Vector512.Store(a, second + i);
            }
            for (; i < end; i++) (first[i], second[i]) = (second[i], first[i]);
        }
    }
}
