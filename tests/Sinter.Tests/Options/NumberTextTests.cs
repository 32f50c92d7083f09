using System.Globalization;
using Sinter.Options;

namespace Sinter.Tests.Options;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("007", "7")]
    [InlineData("+12", "12")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5e1", "15")]
    [InlineData("1500e-2", "15")]
    [InlineData(".5e1", "5")]
    [InlineData("5.", "5")]
    [InlineData("-2.0E+2", "-200")]
    [InlineData("0e999999999999", "0")]
    [InlineData("1e31", "1000000000000000000000000000000")]
    [InlineData("-1e99999999999", "-1000000000000000000000000000000")]
    [InlineData("1.5", null)]
    [InlineData("1e-1", null)]
    [InlineData("1e-99999999999", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("-", null)]
    [InlineData("e5", null)]
    [InlineData("1_000", null)]
    [InlineData("1,000", null)]
    [InlineData("0x10", null)]
    [InlineData("0o17", null)]
    [InlineData("1e", null)]
    [InlineData("1 ", null)]
    [InlineData("1\n", null)]
    [InlineData("١", null)]
    [InlineData(".inf", null)]
    [InlineData("NaN", null)]
    public void Integers(string text, string? want)
    {
        Assert.Equal(want is not null, NumberText.TryInteger(text, out var value));
        if (want is not null) Assert.Equal(Int128.Parse(want, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData(1, "1.0")]
    [InlineData(1e-8, "1.0e-08")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "-0.0")]
    public void Numbers_are_written_so_that_every_reader_takes_them_for_numbers(double value, string want) =>
        Assert.Equal(want, NumberText.Format(value));

    [Fact]
    public void Numbers_read_back_exactly_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // A culture with a decimal comma, made by hand: the process may run without culture data.
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            var random = new Random(3);
            for (int i = 0; i < 1000; i++)
            {
                double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
                if (!double.IsFinite(value)) continue;
                Assert.True(NumberText.TryNumber(NumberText.Format(value), out double back));
                Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(back));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
