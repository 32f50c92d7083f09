using Sinter.Monitoring;

namespace Sinter.Tests.Monitoring;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0"), InlineData(812, "812"), InlineData(999.6, "1.00 k"), InlineData(48_210, "48.2 k"), InlineData(999_400, "999 k"),
    InlineData(999_600, "1.00 M")]
    [InlineData(7_020_000_000, "7.02 B"), InlineData(double.NaN, "NaN")]
    public void Short(double value, string want) => Assert.Equal(want, HumanFormat.Short(value));

    [Theory]
    [InlineData(900, "900 B"), InlineData(1536, "1.50 KiB"), InlineData(327_155_712, "312 MiB"), InlineData(1_300_000_000, "1.21 GiB")]
    public void Bytes(long value, string want) => Assert.Equal(want, HumanFormat.Bytes(value));

    [Theory]
    [InlineData(0.4, "0s"), InlineData(59.6, "1m 00s"), InlineData(200, "3m 20s"), InlineData(3599.7, "1h 00m"), InlineData(18_420, "5h 07m"),
    InlineData(183_600, "2d 03h")]
    [InlineData(-5, "0s")]
    public void Duration(double seconds, string want) => Assert.Equal(want, HumanFormat.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(24.4, "24s"), InlineData(96.9, "1m 35s"), InlineData(118, "2m 00s"), InlineData(383, "6m 20s"), InlineData(2_520, "42m"),
    InlineData(3_590, "1h 00m")]
    [InlineData(18_420, "5h 07m")]
    public void Estimate(double seconds, string want) => Assert.Equal(want, HumanFormat.Estimate(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0"), InlineData(0.412, "0.412"), InlineData(9.52e-4, "9.52e-4"), InlineData(123.4, "123"), InlineData(1.2e6, "1.2e6"),
    InlineData(-0.05, "-0.05")]
    [InlineData(double.NaN, "NaN"), InlineData(double.PositiveInfinity, "Infinity")]
    public void Number(double value, string want) => Assert.Equal(want, HumanFormat.Number(value));

    [Theory]
    [InlineData(1.78, "5.93"), InlineData(4.1812, "65.44"), InlineData(5, "148.4"), InlineData(10.8, "49,021"), InlineData(20, "4.85e8"),
    InlineData(1000, "Infinity")]
    public void Perplexity(double loss, string want) => Assert.Equal(want, HumanFormat.Perplexity(loss));

    [Theory]
    [InlineData("a\tb\r\nc", "a\tb\nc")]
    [InlineData("\u001b[31mred\u0007", "␛[31mred␇")]
    [InlineData("\u009b31m\u007f", "\ufffd31m␡")]
    [InlineData("a\u202eb\u2066c", "a\ufffdb\ufffdc")]
    [InlineData("größe 漢字 🙂", "größe 漢字 🙂")]
    public void Text_from_a_model_commands_nothing(string text, string want) => Assert.Equal(want, PrintableText.Of(text));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a\ufffdb", PrintableText.Of("a\ud83db"));
}
