using Sinter.Tensors.Ops;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

public sealed class AttentionSegmentTests
{
    [Theory]
    [InlineData(1), InlineData(16), InlineData(37), InlineData(96), InlineData(97), InlineData(300)]
    public void Texts_packed_into_a_sequence_do_not_see_each_other(int length)
    {
        foreach (bool causal in new[] { true, false })
            foreach (int texts in new[] { 1, 3, 40 })
                new AttentionCase(2, length, length, Heads(4, 20, 2, causal)) { Shared = true, Segments = Packed(2, length, texts) }.Check();
        new AttentionCase(2, length, length, Heads(2, 12) with { Window = 30, SoftCap = 5 }) { Segments = Packed(2, length, 3) }.Check();
    }

    [Fact]
    public void Packed_texts_give_what_each_gives_alone()
    {
        var (first, second) = (new AttentionCase(1, 70, 70, Heads(2, 16)), new AttentionCase(1, 130, 130, Heads(2, 16)));
        using var device = new CpuDevice(2);
        Tensor Joined(float[] a, float[] b) => device.From([.. a, .. b], 1, 200, 32);
        var segments = device.From([.. Enumerable.Repeat(5, 70), .. Enumerable.Repeat(-2, 130)], 1, 200);
        float[] y = Op.Attention(new(Joined(first.Q, second.Q)), new(Joined(first.K, second.K)), new(Joined(first.V, second.V)), first.Options,
            new(segments)).ToArray();
        first.Near(y[..(70 * 32)], first.Reference().Run(first.DY).Y, 1, "first text");
        second.Near(y[(70 * 32)..], second.Reference().Run(second.DY).Y, 1, "second text");
    }

    [Theory]
    [InlineData(1, 50), InlineData(3, 200), InlineData(20, 130), InlineData(130, 20)]
    public void Segments_that_come_in_any_order_and_apart_for_queries(int queries, int keys)
    {
        var random = new Random(queries);
        int[] Any(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(3))];
        new AttentionCase(2, queries, keys, Heads(2, 20, causal: false)) { Segments = Any(2 * keys), QuerySegments = Any(2 * queries) }.Check();
        var test = new AttentionCase(2, queries, keys, Heads(2, 20)) { Segments = Any(2 * keys), QuerySegments = Any(2 * queries) };
        test.Check();
        test.Near(test.Value(), test.Reference().Run(test.DY).Y, 1, "value without a tape");
        if (queries <= keys) new AttentionCase(2, queries, keys, Heads(2, 20)) { Segments = Any(2 * keys) }.Check();
    }

    [Fact]
    public void Refuses_segments_and_biases_that_do_not_fit()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(2, 5, 16)), few = device.Zeros(new Shape(2, 3, 16)), five = device.Zeros(new Shape(2, 5), DType.Int32),
            three = device.Zeros(new Shape(2, 3), DType.Int32);
        Refused("the segments [2, 3]", x, x, new(three));
        Refused("the queries' segments [2, 5]", few, x, new(five, five));
        Refused("the queries' segments", x, x, new(default, five));
        Refused("5 queries take their segments from 3 keys", x, few, new(three));
        Refused("the bias [2, 5, 5]", x, few, new(Bias: device.Zeros(new Shape(2, 5, 5))));

        void Refused(string part, Tensor q, Tensor k, AttentionExtras extras) => Assert.Contains(part,
            Assert.Throws<ArgumentException>(() => Op.Attention(new(q), new(k), new(k), Heads(2, 8), extras)).Message, StringComparison.Ordinal);
    }

    private static int[] Packed(int batch, int length, int texts)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, batch).SelectMany(_ => Enumerable.Range(0, length).Select(_ => random.Next(texts)).Order())];
    }
}
