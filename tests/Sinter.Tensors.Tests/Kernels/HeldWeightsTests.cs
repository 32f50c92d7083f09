using System.Numerics;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Memory;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Updates;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class HeldWeightsTests
{
    private const long Plenty = 1L << 30;

    // Rows of generation, around the micro-kernels' tiles (4 and 12) and more; columns around a panel and a tile of panels; odd k, and k of
    // several blocks.
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 1, 1 }, { 1, 33, 7 }, { 2, 64, 64 }, { 3, 31, 2051 }, { 4, 200, 131 }, { 5, 96, 33 }, { 12, 129, 64 }, { 13, 130, 65 }, { 1, 2100, 40 },
        { 40, 30, 1030 }, { 300, 65, 257 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Held_or_not_the_bits_are_the_same(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
            foreach (bool accumulate in new[] { false, true })
            {
                var x = new Product(m, n, k, transposed, accumulate);
                float[] free = x.Run(2, Precision.BFloat16);
                Assert.Equal(free, x.Run(2, Precision.BFloat16, hold: Plenty));
                Assert.Equal(free, x.Run(2, Precision.BFloat16, hold: Plenty, again: (device, _) => Assert.Equal(1, device.Matrix.Held.Packs)));
                Assert.Equal(free, x.Run(2, Precision.BFloat16, hold: 0));
                Assert.Equal(free, x.Run(1, Precision.BFloat16, hold: Plenty));
                Assert.Equal(free, x.Run(3, Precision.BFloat16, shaken: true, hold: Plenty));
            }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Held_panels_give_the_product_in_double(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
        {
            var x = new Product(m, n, k, transposed, Accumulate: true);
            float[] got = x.Run(2, Precision.BFloat16, hold: Plenty);
            double[] want = x.Exact(out double[] magnitudes);
            // Each factor is within 2⁻⁹ of itself, so a product within 2⁻⁸ and a little; the sums add what float32 sums do.
            for (int i = 0; i < got.Length; i++)
                Assert.True(Math.Abs(got[i] - want[i]) <= (1.01 / 256 + (4 + Math.Sqrt(k)) * 6e-8) * magnitudes[i],
                    $"{m}×{n}×{k} {transposed}, {i}: {got[i]}, not {want[i]}");
        }
    }

    [Fact]
    public void A_weight_that_changes_is_packed_again()
    {
        var x = new Product(2, 70, 45, Transposed: true, Accumulate: false);
        void Check(Action<CpuDevice, Tensor> change)
        {
            float[] free = x.Run(2, Precision.BFloat16, again: change), held = x.Run(2, Precision.BFloat16, hold: Plenty, again: change);
            Assert.Equal(free, held);
            Assert.NotEqual(x.Run(2, Precision.BFloat16), held);
        }
        Check((_, weight) => weight.Span[5] = 17);
        Check((_, weight) => weight.Reshape(weight.Count).Slice(9, 3).Span.Fill(3));
        Check((_, weight) => ((float*)weight.Pointer)[40] = -9);
        Check((device, weight) =>
        {
            Op.Sum(Op.Multiply(weight, weight)).Backward();
            MultiTensor.Update<Descent>([new UpdateTarget(weight, 0)], [default], 1);
        });
    }

    [Fact]
    public void Memory_is_bounded_and_given_back()
    {
        using var device = new CpuDevice(2, Precision.BFloat16);
        Tensor small = device.Parameter(new Shape(64, 64)), large = device.Parameter(new Shape(256, 512));
        Tensor x = device.Zeros(new Shape(3, 64)), y = device.Zeros(new Shape(3, 512));
        var held = device.Matrix.Held;
        long smallPanels = HeldPanels.Bytes(MicroKernels.For(Precision.BFloat16), 64, 64);
        using (device.HoldWeights(smallPanels + 100))
        {
            Op.Linear(x, small);
            Assert.InRange(held.Bytes, smallPanels, smallPanels + 100);
            Op.Linear(y, large);
            Op.Linear(x, small);
            Assert.Equal(1, held.Packs);
            using (device.HoldWeights())
            {
                Op.Linear(x, small);
            }
            Assert.Equal(1, held.Packs);   // the outer hold goes on
        }
        Assert.Equal(0, held.Bytes);
        var twice = device.HoldWeights();
        twice.Dispose();
        twice.Dispose();
        Op.Linear(x, small);
        Assert.Equal((0, 1), (held.Bytes, held.Packs));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.HoldWeights(-1));
        Assert.InRange(AvailableMemory.Bytes(), 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public void Only_weights_are_held_and_only_as_bfloat16()
    {
        using var device = new CpuDevice(2);
        Tensor weight = device.Parameter(new Shape(64, 64)), x = device.Zeros(new Shape(20, 64)), other = device.Zeros(new Shape(64, 64));
        using var hold = device.HoldWeights();
        Op.Linear(x, weight);
        device.Precision = Precision.BFloat16;
        Op.Linear(x, other);
        Op.MatMul(weight, other);
        Op.Linear(x, device.Parameter(new Shape(64, 64)));   // made after the hold began
        Assert.Equal((0, 0), (device.Matrix.Held.Bytes, device.Matrix.Held.Packs));
        Op.Linear(x, weight);
        Op.Linear(x, weight, layout: WeightLayout.InputsByOutputs);
        Assert.Equal(2, device.Matrix.Held.Packs);
    }

    private readonly struct Descent : IUpdateRule
    {
        public void Apply<T>(Vector512<T> gradient, ref Vector512<T> weight, ref Vector512<T> first, ref Vector512<T> second, ref Vector512<T> third)
            where T : unmanaged, IFloatingPointIeee754<T> => weight -= gradient * UpdateMath.Number<T>(0.25);
    }
}
