using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class DropoutTests
{
    private static readonly DropoutKey s_key = new(0x1234_5678_9abc_def0, 17, 3, 5);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void Equals_the_generator_element_by_element(int columns) =>
        OpCheck.Run(x => Op.Dropout(x[0], 0.3f, s_key), x => Drop(x[0], null, columns, 0.3f, s_key), Operand.Random(1, 3, columns));

    [Fact]
    public void Adds_the_residual() =>
        OpCheck.Run(x => Op.Dropout(x[0], 0.5f, s_key, x[1]), x => Drop(x[0], x[1], 42, 0.5f, s_key), Operand.Random(1, 2, 3, 14),
            Operand.Random(2, 2, 3, 14));

    [Fact]
    public void The_mask_of_a_sample_does_not_depend_on_how_the_batch_is_cut()
    {
        using var device = new CpuDevice(2);
        var x = device.From(Operand.Random(1, 6, 20_000).Values, 6, 20_000);
        float[] whole = Op.Dropout(x, 0.1f, s_key).ToArray();
        float[] parts = [.. Op.Dropout(x.Slice(0, 4), 0.1f, s_key).ToArray(),
            .. Op.Dropout(x.Slice(4, 2), 0.1f, s_key with { FirstSample = s_key.FirstSample + 4 }).ToArray()];
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Drops_the_asked_share_and_differently_for_each_part_of_the_key()
    {
        using var device = new CpuDevice(2);
        var ones = device.Empty(new Shape(1, 1 << 20));
        ones.Span.Fill(1);
        DropoutKey[] keys = [s_key, s_key with { Seed = 1 }, s_key with { Step = 18 }, s_key with { Site = 4 }, s_key with { FirstSample = 6 }];
        bool[][] masks = [.. keys.Select(k => Op.Dropout(ones, 0.25f, k).ToArray().Select(v => v == 0).ToArray())];
        // Of n = 2²⁰ independent draws, counts are within six standard deviations of their mean: √(n·q·(1−q)).
        foreach (var mask in masks) Assert.InRange(mask.Count(d => d), 262144 - 2661, 262144 + 2661);
        for (int i = 0; i < masks.Length; i++)
            for (int j = 0; j < i; j++) Assert.InRange(masks[i].Zip(masks[j]).Count(p => p.First && p.Second), 65536 - 1488, 65536 + 1488);
    }

    [Fact]
    public void Probability_zero_is_the_input_and_one_is_refused()
    {
        using var device = new CpuDevice(1);
        var x = device.From([1f, 2], 1, 2);
        Assert.Equal(x.Span, Op.Dropout(x, 0, s_key).Span);
        Assert.Contains("[dropout]", Assert.Throws<ArgumentException>(() => Op.Dropout(x, 1, s_key)).Message);
        Assert.Throws<ArgumentException>(() => Op.Dropout(x, float.NaN, s_key));
    }

    private static double[] Drop(double[] x, double[]? residual, int sample, float probability, DropoutKey key)
    {
        ulong mixed = Philox.Block(key.Seed, (ulong)key.Step, 0x44726f70UL << 32 | key.Site).Low;
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int e = i % sample;
            var block = Philox.Block(mixed, (ulong)(e / 64 * 16 + e % 16), (ulong)(key.FirstSample + i / sample));
            uint word = (e / 16 % 4) switch { 0 => block.X0, 1 => block.X1, 2 => block.X2, _ => block.X3 };
            y[i] = (word < (uint)(probability * 4294967296.0) ? 0 : x[i] / (1 - (double)probability)) + (residual?[i] ?? 0);
        }
        return y;
    }
}
