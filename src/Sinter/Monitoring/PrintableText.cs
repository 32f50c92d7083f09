using System.Text;

namespace Sinter.Monitoring;

/// <summary>
/// Text from a model or a file, safe to show: what a model writes may hold escape sequences, which would command the terminal, and characters that no
/// page may have.
/// </summary>
public static class PrintableText
{
    /// <summary>
    /// <paramref name="text"/> with line ends as <c>\n</c> and tabs kept; control characters become their pictures (<c>␛</c>), others that can't be
    /// shown, lone surrogates and those that reverse the direction of what follows, become <c>�</c>.
    /// </summary>
    public static string Of(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes()) result.Append(Printable(rune));
        return result.ToString();
    }

    private static Rune Printable(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => rune,
        < 0x20 => new Rune(0x2400 + rune.Value),
        0x7f => new Rune(0x2421),
        < 0xa0 and >= 0x80 => Rune.ReplacementChar,
        >= 0x202a and <= 0x202e or >= 0x2066 and <= 0x2069 => Rune.ReplacementChar,
        >= 0xfff0 and <= 0xfffb or 0xfffe or 0xffff => Rune.ReplacementChar,
        _ => rune,
    };
}
