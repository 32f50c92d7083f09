using System.Globalization;
using System.Text.RegularExpressions;

namespace Sinter.Options;

/// <summary>
/// Numbers as recipes write them: decimal, with an optional fraction and exponent, in the invariant culture; no underscores, no
/// hexadecimal.
/// </summary>
internal static partial class NumberText
{
    /// <summary>Reads an integer; <c>2e3</c> and <c>2.0</c> are integers, <c>2.5</c> is not. A magnitude beyond 30 digits reads as 10³⁰.</summary>
    public static bool TryInteger(string text, out Int128 value)
    {
        value = 0;
        var m = Number().Match(text);
        if (!m.Success) return false;
        string fraction = m.Groups["fraction"].Value.TrimEnd('0');
        string digits = (m.Groups["whole"].Value + fraction).TrimStart('0');
        if (digits.Length == 0) return true;
        int shift = Exponent(m.Groups["exponent"].Value) - fraction.Length;
        for (; shift < 0 && digits.EndsWith('0'); shift++) digits = digits[..^1];
        if (shift < 0) return false;
        Int128 limit = Int128.Parse("1000000000000000000000000000000", CultureInfo.InvariantCulture);
        value = digits.Length + shift > 30 ? limit : Int128.Parse(digits + new string('0', shift), CultureInfo.InvariantCulture);
        if (m.Groups["sign"].Value == "-") value = -value;
        return true;
    }

    /// <summary>Reads a number; one too large for a double reads as infinity.</summary>
    public static bool TryNumber(string text, out double value)
    {
        value = 0;
        return Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The shortest text that reads back as the same number, with a point in it so that every YAML reader takes it for a number.</summary>
    public static string Format(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        int e = text.IndexOf('e', StringComparison.Ordinal);
        string mantissa = e < 0 ? text : text[..e];
        return mantissa.Contains('.', StringComparison.Ordinal) || !double.IsFinite(value) ? text : mantissa + ".0" + text[mantissa.Length..];
    }

    /// <summary>A hint for what looks like a number to a person.</summary>
    public static string Hint(string text) =>
        text.Contains('_', StringComparison.Ordinal) && Number().IsMatch(text.Replace("_", "", StringComparison.Ordinal))
            ? $"; write {text.Replace("_", "", StringComparison.Ordinal)}" : "";

    private static int Exponent(string text) =>
        text.Length == 0 ? 0
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int e) ? Math.Clamp(e, -2_000_000, 2_000_000)
        : text[0] == '-' ? -2_000_000 : 2_000_000;

    [GeneratedRegex(@"^(?<sign>[+-]?)(?=\.?[0-9])(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]+))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
