using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class StochasticDepthTests
{
    private static readonly DropoutKey s_key = new(0x1234_5678_9abc_def0, 17, 3, 5);

    [Theory]
    [InlineData(1, 1), InlineData(2, 15), InlineData(3, 16), InlineData(4, 17), InlineData(5, 65)]
    public void Equals_the_definition(int length, int columns) =>
        OpCheck.Run(x => Op.StochasticDepth(x[0], 0.4f, s_key, x[1]), x => Drop(x[0], x[1], length * columns, 0.4f, s_key),
            Operand.Random(1, 7, length, columns), Operand.Random(2, 7, length, columns));

    [Fact]
    public void What_a_sample_loses_does_not_depend_on_how_the_batch_is_cut()
    {
        using var device = new CpuDevice(2);
        Tensor x = device.From(Operand.Random(1, 40, 3, 8).Values, 40, 3, 8), residual = device.From(Operand.Random(2, 40, 3, 8).Values, 40, 3, 8);
        float[] whole = Op.StochasticDepth(x, 0.5f, s_key, residual).ToArray();
        float[] parts = [.. Op.StochasticDepth(x.Slice(0, 13), 0.5f, s_key, residual.Slice(0, 13)).ToArray(),
            .. Op.StochasticDepth(x.Slice(13, 27), 0.5f, s_key with { FirstSample = s_key.FirstSample + 13 }, residual.Slice(13, 27)).ToArray()];
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Drops_the_asked_share_of_samples_and_differently_for_each_part_of_the_key()
    {
        using var device = new CpuDevice(2);
        const int samples = 20_000;
        var ones = device.Empty(new Shape(samples, 1));
        ones.Span.Fill(1);
        var none = device.Zeros(ones.Shape);
        DropoutKey[] keys = [s_key, s_key with { Seed = 1 }, s_key with { Step = 18 }, s_key with { Site = 4 }, s_key with { FirstSample = 6 }];
        bool[][] masks = [.. keys.Select(k => Op.StochasticDepth(ones, 0.25f, k, none).ToArray().Select(v => v == 0).ToArray())];
        // Of n = 20,000 independent draws, counts are within six standard deviations of their mean: √(n·q·(1−q)) = 61 and 34.
        foreach (var mask in masks) Assert.InRange(mask.Count(d => d), 5000 - 367, 5000 + 367);
        for (int i = 0; i < masks.Length; i++)
            for (int j = 0; j < i; j++) Assert.InRange(masks[i].Zip(masks[j]).Count(p => p.First && p.Second), 1250 - 205, 1250 + 205);
    }

    [Fact]
    public void Probability_zero_is_the_sum_and_one_is_refused()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.From([1f, 2], 1, 2), residual = device.From([10f, 20], 1, 2);
        Assert.Equal([11f, 22f], Op.StochasticDepth(x, 0, s_key, residual).ToArray());
        Assert.Contains("[stochastic_depth]", Assert.Throws<ArgumentException>(() => Op.StochasticDepth(x, 1, s_key, residual)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Op.StochasticDepth(x, 0.5f, s_key, device.Zeros(new Shape(2, 1))));
    }

    private static double[] Drop(double[] x, double[] residual, int sample, float probability, DropoutKey key)
    {
        ulong mixed = Philox.Block(key.Seed, (ulong)key.Step, 0x44726f70UL << 32 | key.Site).Low;
        return [.. x.Select((value, i) =>
        {
            bool dropped = Philox.Block(mixed, 0, (ulong)(key.FirstSample + i / sample)).X0 < (uint)(probability * 4294967296.0);
            return residual[i] + (dropped ? 0 : value / (1 - (double)probability));
        })];
    }
}
