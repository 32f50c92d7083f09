namespace Sinter.Text.Models;

/// <summary>
/// Reads a score as the JSON reader of Hugging Face's library does: the digits as one whole number of 64 bits, which is rounded to a float64, and that
/// times or by a power of ten, which is rounded again. The last bit may differ from that of the nearest number, and it decides between segmentations of
/// a long run that are equally good but for rounding.
/// </summary>
internal static class ScoreText
{
    private static readonly double[] Powers = [.. Enumerable.Range(0, 309).Select(n => double.Parse($"1e{n}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The number that a valid JSON number stands for; infinity if it is too large.</summary>
    public static double Parse(ReadOnlySpan<char> text)
    {
        bool negative = text[0] == '-';
        int at = negative ? 1 : 0, exponent = 0;
        ulong digits = 0;
        exponent += Read(text, ref at, ref digits).Ignored;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            exponent -= Read(text, ref at, ref digits).Taken;
        }
        if (at < text.Length)
        {
            // An exponent of more digits than an integer has is as good as the largest.
            bool fits = int.TryParse(text[(at + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int e);
            exponent += fits ? Math.Clamp(e, -100_000, 100_000) : text[at + 1] == '-' ? -100_000 : 100_000;
        }
        double value = Scale(digits, exponent);
        return negative ? -value : value;
    }

    /// <summary>Takes digits as long as they fit; gives how many were taken and how many were not.</summary>
    private static (int Taken, int Ignored) Read(ReadOnlySpan<char> text, ref int at, ref ulong digits)
    {
        int taken = 0, ignored = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            uint digit = (uint)(text[at] - '0');
            if (ignored > 0 || digits > (ulong.MaxValue - digit) / 10)
            {
                ignored++;
                continue;
            }
            digits = digits * 10 + digit;
            taken++;
        }
        return (taken, ignored);
    }

    private static double Scale(double value, int exponent)
    {
        for (; exponent < -308 && value != 0; exponent += 308) value /= 1e308;
        if (value == 0) return 0;
        return exponent > 308 ? double.PositiveInfinity : exponent >= 0 ? value * Powers[exponent] : value / Powers[-exponent];
    }
}
