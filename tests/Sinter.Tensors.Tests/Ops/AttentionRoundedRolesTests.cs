using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Kernels;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Queries, keys and values that lie in memory as bfloat16.</summary>
public sealed unsafe class AttentionRoundedRolesTests
{
    private const long Sequences = 2;

    // Head sizes around each vector width and odd; lengths that are odd, over a block of queries and of keys, and so few that float32 would go another way.
    [Theory]
    [InlineData(1, 1, 8), InlineData(3, 3, 32), InlineData(64, 4, 32), InlineData(67, 3, 15), InlineData(99, 2, 33), InlineData(65, 2, 64), InlineData(130, 1, 80)]
    public void Roles_of_bfloat16_give_the_bits_of_the_same_numbers_in_float32(int length, int heads, int size)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using var device = new CpuDevice(threads, Precision.BFloat16);
            float[][] want = Evaluate(device, length, heads, size, DType.Float32), got = Evaluate(device, length, heads, size, DType.BFloat16);
            Assert.Equal(want[0], got[0]);
            Assert.Equal(want[1], got[1]);
        }
    }

    [Fact]
    public void A_linear_result_of_bfloat16_is_that_of_float32_rounded()
    {
        using var device = new CpuDevice(2, Precision.BFloat16);
        foreach (var (rows, inputs, outputs) in new[] { (1, 1, 1), (5, 33, 70), (67, 128, 96), (13, 1100, 31) })
        {
            Tensor x = Floats(device, 1, rows, inputs), weight = Floats(device, 2, outputs, inputs), bias = Floats(device, 3, outputs);
            float[] want = [.. Op.Linear(x, weight, bias).ToArray().Select(v => BFloat16Numbers.Nearest(v))];
            var rounded = Op.Linear(x, weight, bias, type: DType.BFloat16);
            float[] got = [.. Enumerable.Range(0, want.Length).Select(i => BitConverter.UInt32BitsToSingle((uint)rounded.Data<ushort>(DType.BFloat16)[i] << 16))];
            Assert.Equal(want, got);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var device = new CpuDevice(1, Precision.BFloat16);
        Tensor single = device.Zeros(new Shape(1, 4, 16)), rounded = device.Zeros(new Shape(1, 4, 16), DType.BFloat16), weight = device.Zeros(new Shape(16, 16));
        var options = new AttentionOptions { NumHeads = 2, NumKvHeads = 2, HeadSize = 8 };
        Assert.Throws<ArgumentException>(() => Op.Attention(new(rounded), new(single), new(single), options));
        Assert.Throws<ArgumentException>(() => Op.Linear(single, weight, residual: single, type: DType.BFloat16));
        device.Precision = Precision.Float32;
        Assert.Throws<InvalidOperationException>(() => Op.Attention(new(rounded), new(rounded), new(rounded), options));
    }

    /// <summary>The output, and the gradient of a sum of it with random factors for what the roles are made of.</summary>
    private static float[][] Evaluate(CpuDevice device, int length, int heads, int size, DType type)
    {
        using var scope = device.Scope("test");
        long width = heads * size;
        var one = device.Parameter(new Shape(3 * width, 3 * width));
        for (int i = 0; i < 3 * width; i++) one.Span[(int)(i * (3 * width + 1))] = 1;
        var x = device.Parameter(new Shape(Sequences, length, 3 * width));
        Floats(device, 4, x.Count).Span.CopyTo(x.Span);
        foreach (ref float v in x.Span) v = BFloat16Numbers.Nearest(v);
        var roles = Op.Linear(x, one, type: type);
        var y = Op.Attention(new(roles), new(roles, width), new(roles, 2 * width), new AttentionOptions { NumHeads = heads, NumKvHeads = heads, HeadSize = size, Causal = true });
        float[] output = y.ToArray();
        Op.Sum(Op.Multiply(y, Floats(device, 5, y.Count).Reshape(y.Shape))).Backward();
        return [output, x.Grad.ToArray()];
    }

    private static Tensor Floats(CpuDevice device, int seed, params ReadOnlySpan<long> extents)
    {
        var x = device.Empty(new Shape(extents));
        var random = new Random(seed);
        foreach (ref float v in x.Span) v = random.NextSingle() * 2 - 1;
        return x;
    }
}
