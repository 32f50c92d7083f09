namespace Sinter.Tensors.Tests;

public sealed class PhiloxTests
{
    /// <summary>The lines "philox4x32 10" of Random123's kat_vectors.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_equals_the_published_vectors(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3)
    {
        PhiloxBlock expected = new(x0, x1, x2, x3);
        Assert.Equal(expected, Philox.Block(c0, c1, c2, c3, k0, k1));
        Assert.Equal(expected, Philox.Block((ulong)k1 << 32 | k0, (ulong)c1 << 32 | c0, (ulong)c3 << 32 | c2));
        Assert.Equal(((ulong)x1 << 32) | x0, expected.Low);
        Assert.Equal(((ulong)x3 << 32) | x2, expected.High);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Below_is_uniform(int bound)
    {
        const int draws = 100_000;
        long[] counts = new long[bound];
        for (ulong i = 0; i < draws; i++) counts[Philox.Below((ulong)bound, key: 42, i)]++;
        double expected = (double)draws / bound;
        double chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);
        // Mean of chi-square is bound − 1, its variance twice that: five deviations above the mean.
        Assert.True(chiSquare <= bound - 1 + 5 * Math.Sqrt(2.0 * bound), $"chi-square {chiSquare} for {bound} bins");
    }

    [Fact]
    public void Below_rejects_where_a_remainder_would_be_biased()
    {
        // With bound 3·2⁶² a plain remainder or a plain multiplication would hit some thirds twice as often as others.
        const ulong bound = 3UL << 62;
        long[] thirds = new long[3];
        for (ulong i = 0; i < 30_000; i++) thirds[Philox.Below(bound, key: 7, i) >> 62]++;
        Assert.All(thirds, c => Assert.InRange(c, 10_000 - 450, 10_000 + 450));
    }

    [Fact]
    public void Below_depends_on_key_index_and_stream()
    {
        ulong a = Philox.Below(ulong.MaxValue, 1, 2, 3);
        Assert.Equal(a, Philox.Below(ulong.MaxValue, 1, 2, 3));
        Assert.NotEqual(a, Philox.Below(ulong.MaxValue, 2, 2, 3));
        Assert.NotEqual(a, Philox.Below(ulong.MaxValue, 1, 3, 3));
        Assert.NotEqual(a, Philox.Below(ulong.MaxValue, 1, 2, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Philox.Below(0, 1, 2));
    }

    [Fact]
    public void Units_are_in_range()
    {
        Assert.Equal(0f, PhiloxBlock.ToUnit(0u));
        Assert.Equal(1f - 1f / (1 << 24), PhiloxBlock.ToUnit(~0u));
        Assert.Equal(0.0, PhiloxBlock.ToUnit(0ul));
        Assert.True(PhiloxBlock.ToUnit(~0ul) < 1.0);
    }
}
