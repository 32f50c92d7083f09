using Sinter.Tensors.Kernels.Attention;
using Sinter.Tensors.Kernels.Matrix;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

public sealed class AttentionTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(5), InlineData(15), InlineData(16), InlineData(17), InlineData(33), InlineData(63), InlineData(64),
        InlineData(65)]
    [InlineData(95), InlineData(96), InlineData(97), InlineData(150), InlineData(192), InlineData(200), InlineData(300)]
    public void Every_length(int length)
    {
        foreach (bool causal in new[] { true, false })
            foreach (bool shared in new[] { true, false })
                new AttentionCase(2, length, length, Heads(2, 12, causal: causal)) { Shared = shared, Accumulates = shared }.Check();
    }

    [Theory]
    [InlineData(1), InlineData(8), InlineData(10), InlineData(12), InlineData(15), InlineData(16), InlineData(17), InlineData(20), InlineData(32),
        InlineData(33)]
    [InlineData(64), InlineData(80), InlineData(128), InlineData(160)]
    public void Every_head_size(int size)
    {
        new AttentionCase(2, 37, 37, Heads(3, size)) { Shared = true }.Check();
        new AttentionCase(1, 99, 131, Heads(2, size)).Check();
    }

    [Theory]
    [InlineData(1, 37), InlineData(5, 37), InlineData(5, 300), InlineData(96, 97), InlineData(97, 200), InlineData(150, 300), InlineData(20, 200),
        InlineData(37, 5), InlineData(200, 97)]
    public void Queries_and_keys_of_different_length(int queries, int keys)
    {
        foreach (bool causal in new[] { true, false })
            new AttentionCase(2, queries, keys, Heads(2, 20, causal: causal)) { Accumulates = causal }.Check();
    }

    [Theory]
    [InlineData(4, 2), InlineData(6, 2), InlineData(6, 1), InlineData(8, 8), InlineData(3, 3)]
    public void Groups_of_query_heads(int heads, int kvHeads)
    {
        foreach (bool shared in new[] { true, false })
            new AttentionCase(2, 101, 101, Heads(heads, 10, kvHeads)) { Shared = shared, Accumulates = shared }.Check();
        new AttentionCase(2, 5, 101, Heads(heads, 10, kvHeads)).Check();
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(17), InlineData(32), InlineData(95), InlineData(96), InlineData(97), InlineData(150), InlineData(1000)]
    public void Every_window(int window)
    {
        foreach (bool causal in new[] { true, false })
        {
            new AttentionCase(1, 230, 230, Heads(2, 8, causal: causal) with { Window = window }).Check();
            new AttentionCase(1, 50, 230, Heads(2, 8, causal: causal) with { Window = window }).Check();
        }
    }

    [Theory]
    [InlineData(1f), InlineData(5f), InlineData(50f)]
    public void Soft_cap(float cap)
    {
        foreach (int length in new[] { 5, 37, 131 })
            new AttentionCase(2, length, length, Heads(2, 20) with { SoftCap = cap, Window = 90 }) { Spread = 2 }.Check();
    }

    [Fact]
    public void Scale_of_the_scores() => new AttentionCase(2, 70, 70, Heads(2, 20) with { Scale = 0.5f }) { Shared = true }.Check();

    [Theory]
    [InlineData(3f), InlineData(6f)]
    public void Large_scores(float spread)
    {
        new AttentionCase(1, 150, 150, Heads(2, 32)) { Spread = spread }.Check();
        new AttentionCase(1, 150, 250, Heads(2, 32, causal: false)) { Spread = spread }.Check();
    }

    [Fact]
    public void Every_micro_kernel_of_this_processor()
    {
        foreach (var kernel in MicroKernels.All().Append(BlockKernels.For(Precision.Float32)).Where(k => !k.IsBFloat16))
            foreach (int size in new[] { 1, 16, 20, 64 })
                foreach (int length in new[] { 1, 17, 65, 97, 200 })
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
            var test = new AttentionCase(2, 250, 250, options) { Shared = true };
            var one = (test with { Threads = 1 }).Evaluate();
            Same(one, test.Evaluate());
            Same(one, (test with { Threads = 3, Shaken = true }).Evaluate());
        }
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 15), InlineData(1, 16), InlineData(1, 17), InlineData(2, 33), InlineData(3, 97), InlineData(4, 200),
        InlineData(4, 4), InlineData(4, 2)]
    public void Few_queries_give_what_blocks_give(int queries, int keys)
    {
        foreach (var options in new[] { Heads(2, 20), Heads(4, 64, 2), Heads(2, 7, causal: false), Heads(2, 16) with { Window = 5 },
            Heads(2, 16) with { SoftCap = 2 } })
        {
            var test = new AttentionCase(2, queries, keys, options);
            test.Near(test.Value(), test.Reference().Run(test.DY).Y, 1, "value of few queries");
            test.Near(test.Evaluate().Y, Array.ConvertAll(test.Value(), x => (double)x), 1, "value of blocks");
            Assert.Equal(test.Value(), (test with { Threads = 3, Shaken = true }).Value());
        }
    }

    private static void Same((float[], float[], float[], float[]) a, (float[], float[], float[], float[]) b)
    {
        Assert.Equal(a.Item1, b.Item1);
        Assert.Equal(a.Item2, b.Item2);
        Assert.Equal(a.Item3, b.Item3);
        Assert.Equal(a.Item4, b.Item4);
    }
}
