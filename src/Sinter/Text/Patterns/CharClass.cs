using System.Globalization;

namespace Sinter.Text.Patterns;

/// <summary>The classes of code points that the pre-tokenization patterns tell apart.</summary>
internal enum CharClass : byte
{
    /// <summary>None of the others; also what is not assigned, and an unpaired surrogate, which stands for U+FFFD.</summary>
    Other,
    /// <summary>Unicode's <c>\p{L}</c>.</summary>
    Letter,
    /// <summary>Unicode's <c>\p{N}</c>: decimal digits, letter numbers such as Ⅷ, and others such as ½.</summary>
    Number,
    /// <summary>Unicode's White_Space. All of it lies in the basic plane.</summary>
    Space,
}

/// <summary>Looks up the <see cref="CharClass"/> of a code point.</summary>
internal static class CharClasses
{
    private static readonly byte[] Basic = CreateBasic();

    /// <summary>The class of the code point at <paramref name="index"/>, and the number of UTF-16 units that it takes.</summary>
    public static CharClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (!char.IsHighSurrogate(c) || index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1])) return (CharClass)Basic[c];
        length = 2;
        return Classify(char.ConvertToUtf32(c, text[index + 1]));
    }

    private static CharClass Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
        _ => CharClass.Other,
    };

    private static byte[] CreateBasic()
    {
        byte[] table = new byte[0x10000];
        for (int c = 0; c < table.Length; c++) table[c] = (byte)(char.IsWhiteSpace((char)c) ? CharClass.Space : Classify(c));
        return table;
    }
}
