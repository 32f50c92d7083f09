using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private const int DropoutTile = 256 * DropoutMask.Group;
    private static readonly BackwardFunction s_dropoutBackward = DropoutBackward, s_dropoutAgain = DropoutAgain;

    private readonly record struct DropoutArguments(float Probability, DropoutKey Key);

    /// <summary>
    /// Zero with the given probability, else x ÷ (1 − probability), then + residual (Srivastava et al., "Dropout", 2014, section 10, scaled in
    /// training). The mask is a function of the key and of the element's place in its sample: made again for the backward pass, never stored.
    /// Shapes: x and residual [B, ...], B the samples. Without a residual x may be bfloat16, and so is the result then, rounded again where it is scaled.
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="probability">Of dropping an element, in [0, 1).</param>
    /// <param name="key">What the mask depends on.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <returns>With probability 0 and no residual, x itself.</returns>
    /// <exception cref="ArgumentException">A probability out of range, or shapes that do not fit.</exception>
    public static Tensor Dropout(Tensor x, float probability, DropoutKey key, Tensor residual = default)
    {
        const string op = "dropout";
        if (!(probability >= 0 && probability < 1)) throw new ArgumentException($"[{op}] the probability {probability} is not in [0, 1).");
        if (x.Shape.Rank < 1) throw new ArgumentException($"[{op}] x needs a dimension of samples and is a scalar.");
        if (!residual.IsNone) CheckSame(op, x, residual);
        if (probability == 0 && residual.IsNone) return x;
        var cpu = CpuDevice.Of(x, op);
        var y = cpu.Empty(x.Shape, residual.IsNone ? x.DType : DType.Float32);
        if (x.DType == DType.BFloat16) RunRoundedDropout(cpu, x, y, probability, key);
        else RunDropout(cpu, x, y, OrNull(residual, op), probability, key, accumulate: false);
        if (cpu.Tape.Record(s_dropoutBackward, y, x, residual) is { } entry)
        {
            entry.Set(new DropoutArguments(probability, key));
            if (residual.IsNone) entry.Remake = s_dropoutAgain;
        }
        return y;
    }

    private static void DropoutAgain(TapeEntry entry)
    {
        var (probability, key) = entry.Get<DropoutArguments>();
        var cpu = CpuDevice.Of(entry[0], "dropout_again");
        if (entry.Output.DType == DType.BFloat16) RunRoundedDropout(cpu, entry[0], entry.Output, probability, key);
        else RunDropout(cpu, entry[0], entry.Output, null, probability, key, accumulate: false);
    }

    private static void DropoutBackward(TapeEntry entry)
    {
        var (probability, key) = entry.Get<DropoutArguments>();
        if (entry.Wants(0))
        {
            var dx = entry.GradTarget(0, out bool accumulate);
            RunDropout(CpuDevice.Of(dx, "dropout"), entry.OutputGrad, dx, null, probability, key, accumulate);
        }
        if (entry.Wants(1)) entry.Give(1);
    }

    private static void RunDropout(CpuDevice cpu, Tensor x, Tensor y, float* residual, float probability, DropoutKey key, bool accumulate)
    {
        if (x.Count == 0) return;
        long sample = x.Count / x.Shape[0], tiles = (sample + DropoutTile - 1) / DropoutTile;
        var mask = new DropoutMask(key.Mixed, probability);
        cpu.Workers.Run(checked((int)(x.Shape[0] * tiles)),
            new DropoutBody(mask, x.F32(), residual, y.F32(), sample, tiles, (ulong)key.FirstSample, accumulate));
    }

    private static void RunRoundedDropout(CpuDevice cpu, Tensor x, Tensor y, float probability, DropoutKey key)
    {
        if (x.Count == 0) return;
        long sample = x.Count / x.Shape[0], tiles = (sample + DropoutTile - 1) / DropoutTile;
        cpu.Workers.Run(checked((int)(x.Shape[0] * tiles)), new RoundedDropoutBody(new DropoutMask(key.Mixed, probability),
            x.Data<ushort>(DType.BFloat16, "dropout"), y.Data<ushort>(DType.BFloat16, "dropout"), sample, tiles, (ulong)key.FirstSample));
    }

    private readonly struct RoundedDropoutBody(DropoutMask mask, ushort* x, ushort* y, long sample, long tiles, ulong firstSample) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long index = tile / tiles, start = tile % tiles * DropoutTile, end = Math.Min(sample, start + DropoutTile), offset = index * sample;
            float* group = stackalloc float[DropoutMask.Group];
            for (long e = start; e < end; e += DropoutMask.Group)
            {
                int count = (int)Math.Min(DropoutMask.Group, end - e);
                mask.Factors(firstSample + (ulong)index, (ulong)e / DropoutMask.Group, out var f0, out var f1, out var f2, out var f3);
                Vector512.Store(f0, group);
                Vector512.Store(f1, group + 16);
                Vector512.Store(f2, group + 32);
                Vector512.Store(f3, group + 48);
                for (int i = 0; i < count; i += Vec.Count)
                {
                    var value = count - i >= Vec.Count ? BFloat16Rows.Load(x + offset + e + i) : BFloat16Rows.LoadPart(x + offset + e + i, count - i);
                    Vector512.Store(value * Vector512.Load(group + i), group + i);
                }
                BFloat16Rows.Round(group, y + offset + e, count);
            }
        }
    }

    private readonly struct DropoutBody(DropoutMask mask, float* x, float* residual, float* y, long sample, long tiles, ulong firstSample,
        bool accumulate) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long index = tile / tiles, start = tile % tiles * DropoutTile, end = Math.Min(sample, start + DropoutTile), offset = index * sample;
            for (long e = start; e < end; e += DropoutMask.Group)
            {
                mask.Factors(firstSample + (ulong)index, (ulong)e / DropoutMask.Group, out var f0, out var f1, out var f2, out var f3);
                if (e + DropoutMask.Group <= end)
                {
                    Step(default(AllLanes), offset + e, f0);
                    Step(default(AllLanes), offset + e + 16, f1);
                    Step(default(AllLanes), offset + e + 32, f2);
                    Step(default(AllLanes), offset + e + 48, f3);
                }
                else
                {
                    Part(offset + e, end - e, f0);
                    Part(offset + e + 16, end - e - 16, f1);
                    Part(offset + e + 32, end - e - 32, f2);
                    Part(offset + e + 48, end - e - 48, f3);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Part(long i, long left, Vec factor)
        {
            if (left >= Vec.Count) Step(default(AllLanes), i, factor);
            else if (left > 0) Step(new FirstLanes(left), i, factor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long i, Vec factor) where T : struct, ILanes
        {
            var value = lanes.Load(x + i) * factor;
            if (residual != null) value += lanes.Load(residual + i);
            if (accumulate) value += lanes.Load(y + i);
            lanes.Store(value, y + i);
        }
    }
}
