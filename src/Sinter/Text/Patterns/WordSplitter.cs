namespace Sinter.Text.Patterns;

/// <summary>
/// Finds word ends as the patterns' regular expressions do, code point by code point. Written by hand because <c>\p{L}</c> of .NET's Regex sees
/// UTF-16 units, so that it takes no letter outside the basic plane for one.
/// </summary>
internal static class WordSplitter
{
    /// <summary>GPT-2's expression, as tokenizer files hold it.</summary>
    public const string Gpt2Regex = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's expression, as tokenizer files hold it.</summary>
    public const string Llama3Regex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's expression with single digits, as tokenizer files hold it.</summary>
    public const string SingleDigitsRegex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-4o's expression, as tokenizer files hold it.</summary>
    public const string O200kRegex = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Mistral's expression, as tokenizer files hold it.</summary>
    public const string TekkenRegex = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern of a file's expression, or null if it is none that is written by hand.</summary>
    public static SplitPattern? Known(string regex) => regex switch
    {
        Gpt2Regex => SplitPattern.Gpt2,
        Llama3Regex => SplitPattern.Llama3,
        SingleDigitsRegex => SplitPattern.SingleDigits,
        O200kRegex => SplitPattern.O200k,
        TekkenRegex => SplitPattern.Tekken,
        _ => null,
    };

    /// <summary>The expression of a pattern, as tokenizer files hold it.</summary>
    public static string RegexOf(SplitPattern pattern) => pattern switch
    {
        SplitPattern.Llama3 => Llama3Regex,
        SplitPattern.SingleDigits => SingleDigitsRegex,
        SplitPattern.O200k => O200kRegex,
        SplitPattern.Tekken => TekkenRegex,
        _ => Gpt2Regex,
    };

    /// <summary>The end of the word that begins at <paramref name="start"/>, which is less than the text's length.</summary>
    public static int Next(SplitPattern pattern, ReadOnlySpan<char> text, int start) => pattern switch
    {
        SplitPattern.Gpt2 => NextGpt2(text, start),
        SplitPattern.Llama3 => NextLlama3(text, start, maxDigits: 3),
        SplitPattern.SingleDigits => NextLlama3(text, start, maxDigits: 1),
        SplitPattern.O200k => NextCased(text, start, maxDigits: 3, contractions: true),
        SplitPattern.Tekken => NextCased(text, start, maxDigits: 1, contractions: false),
        _ => text.Length,
    };

    private static int NextGpt2(ReadOnlySpan<char> text, int start)
    {
        int contraction = Contraction(text, start, anyCase: false);
        if (contraction > 0) return start + contraction;
        int begin = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharClass kind = CharClasses.At(text, begin, out _);
        return kind == CharClass.Space ? SpaceEnd(text, start) : RunEnd(text, begin, kind);
    }

    private static int NextLlama3(ReadOnlySpan<char> text, int start, int maxDigits)
    {
        int contraction = Contraction(text, start, anyCase: true);
        if (contraction > 0) return start + contraction;
        CharClass kind = CharClasses.At(text, start, out int length);
        if (kind == CharClass.Letter) return RunEnd(text, start, kind);
        if (kind == CharClass.Number) return RunEnd(text, start, kind, maxDigits);
        int next = start + length;
        CharClass nextKind = next < text.Length ? CharClasses.At(text, next, out _) : CharClass.Space;
        if (nextKind == CharClass.Letter && text[start] is not ('\r' or '\n')) return RunEnd(text, next, nextKind);
        if (kind == CharClass.Other) return LineEnds(text, RunEnd(text, start, kind));
        if (text[start] == ' ' && nextKind == CharClass.Other) return LineEnds(text, RunEnd(text, next, nextKind));
        return WhiteEnd(text, start);
    }

    private static int NextCased(ReadOnlySpan<char> text, int start, int maxDigits, bool contractions)
    {
        CharClass kind = CharClasses.At(text, start, out int length);
        if (CasedWords.End(text, start) is > 0 and int word) return contractions && word < text.Length ? word + Contraction(text, word, anyCase: true) : word;
        if (kind == CharClass.Number) return RunEnd(text, start, kind, maxDigits);
        int next = start + length;
        if (kind == CharClass.Other) return LineEnds(text, RunEnd(text, start, kind), slashes: true);
        if (text[start] == ' ' && next < text.Length && CharClasses.At(text, next, out _) == CharClass.Other)
            return LineEnds(text, RunEnd(text, next, CharClass.Other), slashes: true);
        return WhiteEnd(text, start);
    }

    /// <summary>The length of <c>'s 't 're 've 'm 'll 'd</c> at <paramref name="start"/>, or 0.</summary>
    private static int Contraction(ReadOnlySpan<char> text, int start, bool anyCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length) return 0;
        char first = Fold(text[start + 1], anyCase);
        if (first is 's' or 't' or 'm' or 'd') return 2;
        if (start + 2 >= text.Length) return 0;
        char second = Fold(text[start + 2], anyCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>Lower case of the letters in the contractions; U+017F, the long s, is an s to an expression that ignores case.</summary>
    private static char Fold(char c, bool anyCase) => !anyCase ? c : c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    private static int RunEnd(ReadOnlySpan<char> text, int start, CharClass kind, int limit = int.MaxValue)
    {
        int i = start;
        for (int n = 0; i < text.Length && n < limit && CharClasses.At(text, i, out int length) == kind; n++) i += length;
        return i;
    }

    /// <summary>A run of whitespace without its last character if something else follows, which then goes to the next word.</summary>
    private static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        int end = RunEnd(text, start, CharClass.Space);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    /// <summary>A run of whitespace to its last line end, if it has any.</summary>
    private static int WhiteEnd(ReadOnlySpan<char> text, int start)
    {
        int end = RunEnd(text, start, CharClass.Space);
        int lastLineEnd = text[start..end].LastIndexOfAny('\r', '\n');
        return lastLineEnd >= 0 ? start + lastLineEnd + 1 : SpaceEnd(text, start);
    }

    private static int LineEnds(ReadOnlySpan<char> text, int i, bool slashes = false)
    {
        while (i < text.Length && (text[i] is '\r' or '\n' || slashes && text[i] == '/')) i++;
        return i;
    }
}
