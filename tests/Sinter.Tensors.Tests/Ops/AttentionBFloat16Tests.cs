using Sinter.Tensors.Kernels.Attention;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Ops;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Attention with products of bfloat16: no further from double than PyTorch's own.</summary>
public sealed class AttentionBFloat16Tests
{
    private static AttentionCase Case(int batch, int queries, int keys, AttentionOptions options) =>
        new(batch, queries, keys, options) { Precision = Precision.BFloat16 };

    [Theory]
    [InlineData(16), InlineData(17), InlineData(33), InlineData(63), InlineData(64), InlineData(65), InlineData(95), InlineData(96), InlineData(97)]
    [InlineData(128), InlineData(159), InlineData(192), InlineData(300), InlineData(513)]
    public void Every_length(int length)
    {
        foreach (bool causal in new[] { true, false })
            foreach (bool shared in new[] { true, false })
                (Case(2, length, length, Heads(2, 20, causal: causal)) with { Shared = shared, Accumulates = shared }).Check();
    }

    [Theory]
    [InlineData(8), InlineData(15), InlineData(16), InlineData(17), InlineData(20), InlineData(32), InlineData(33), InlineData(64), InlineData(80)]
    [InlineData(128), InlineData(160)]
    public void Every_head_size(int size)
    {
        (Case(2, 67, 67, Heads(3, size)) with { Shared = true }).Check();
        Case(1, 99, 131, Heads(2, size)).Check();
    }

    [Theory]
    [InlineData(5, 37), InlineData(5, 300), InlineData(96, 97), InlineData(97, 200), InlineData(150, 300), InlineData(200, 97)]
    public void Queries_and_keys_of_different_length(int queries, int keys)
    {
        foreach (bool causal in new[] { true, false })
            (Case(2, queries, keys, Heads(4, 20, 2, causal)) with { Accumulates = causal }).Check();
    }

    [Theory]
    [InlineData(17), InlineData(95), InlineData(97), InlineData(150)]
    public void Every_window(int window)
    {
        foreach (bool causal in new[] { true, false }) Case(1, 230, 230, Heads(2, 16, causal: causal) with { Window = window }).Check();
        Case(1, 131, 131, Heads(2, 20) with { SoftCap = 5, Window = window }).Check();
    }

    [Theory]
    [InlineData(2f), InlineData(3f)]
    public void Large_scores(float spread)
    {
        (Case(1, 150, 150, Heads(2, 32)) with { Spread = spread }).Check();
        (Case(1, 150, 250, Heads(2, 32, causal: false)) with { Spread = spread }).Check();
    }

    [Fact]
    public void Segments()
    {
        var random = new Random(3);
        int[] segments = [.. Enumerable.Range(0, 2).SelectMany(_ => Enumerable.Range(0, 211).Select(_ => random.Next(4)).Order())];
        (Case(2, 211, 211, Heads(4, 20, 2)) with { Segments = segments, Shared = true }).Check();
    }

    /// <summary>A query that sees one key has no gradient: what is taken off the products must be rounded as they are.</summary>
    [Fact]
    public void Nothing_remains_of_one_key()
    {
        var got = Case(3, 1, 1, Heads(2, 64)).Evaluate();
        Assert.All((float[])[.. got.DQ, .. got.DK], g => Assert.Equal(0, g, 2e-6f));
    }

    [Fact]
    public void Every_micro_kernel_of_this_processor()
    {
        foreach (var kernel in MicroKernels.All().Append(BlockKernels.For(Precision.BFloat16)).Where(k => k.IsBFloat16))
            foreach (int size in new[] { 16, 20, 33, 64 })
                foreach (int length in new[] { 17, 65, 97, 200 })
                {
                    new AttentionCase(1, length, length, Heads(2, size, 1)) { Kernel = kernel }.Check();
                    new AttentionCase(1, (length + 2) / 2, length, Heads(2, size, causal: false) with { Window = 60 }) { Kernel = kernel }.Check();
                }
    }

    [Fact]
    public void Same_bits_for_any_number_of_threads_and_any_order_of_tiles()
    {
        foreach (var options in new[] { Heads(4, 20, 2), Heads(1, 33, causal: false) with { Window = 130 },
            Heads(3, 16) with { Dropout = 0.1f, DropoutKey = new(1, 2, 3, 4) } })
        {
            var test = Case(2, 250, 250, options) with { Shared = true };
            var one = (test with { Threads = 1 }).Evaluate();
            Assert.Equal(one, test.Evaluate(), Equal);
            Assert.Equal(one, (test with { Threads = 3, Shaken = true }).Evaluate(), Equal);
        }

        static bool Equal((float[] Y, float[] DQ, float[] DK, float[] DV) a, (float[] Y, float[] DQ, float[] DK, float[] DV) b) =>
            a.Y.SequenceEqual(b.Y) && a.DQ.SequenceEqual(b.DQ) && a.DK.SequenceEqual(b.DK) && a.DV.SequenceEqual(b.DV);
    }

    [Fact]
    public void What_is_not_a_number_stays_visible()
    {
        using var device = new CpuDevice(1, Precision.BFloat16);
        foreach (int length in new[] { 5, 40, 120 })
        {
            var x = device.Zeros(new Shape(1, length, 8));
            x.Span[(length - 1) * 8] = float.NaN;
            float[] y = Op.Attention(new(x), new(x), new(x), Heads(1, 8)).ToArray();
            Assert.All(y[((length - 1) * 8)..], v => Assert.True(float.IsNaN(v)));
        }
    }
}
