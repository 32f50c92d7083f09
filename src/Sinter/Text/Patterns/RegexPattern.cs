using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sinter.Text.Characters;

namespace Sinter.Text.Patterns;

/// <summary>
/// A regular expression of a file. .NET's Regex sees UTF-16 units, so it is given a text of one unit for each code point, in which a letter outside the
/// basic plane is a letter of the same category inside; an expression that names such code points itself, or that means another thing in .NET than in
/// Oniguruma, is refused. Where .NET can it matches in linear time; otherwise it has a limit.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    private const double MicrosecondsPerUnit = 20;

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(500);

    // Of each category one that expressions hardly name, in the order of UnicodeCategory.
    private const string Representatives = "\u10A0\u1D00\u1F88\u1D2C\u16A0\u1DC0\u0903\u20DD\u1B50\u16EE\u2CFD\u2003\u2028\u2029\u0084\u2061\uFFFD\uE000"
        + "\u203F\u2E1A\u2E22\u2E23\u2E02\u2E03\u2E00\u2A00\u20A0\u02C2\u2800\u0378";

    private static readonly Regex RepeatedCharacter = new(@"\A(?:\\[dsDS]|\[[^\]\\]*\]|[^\\\[\]().^$|*+?{}])(?:\+|\{\d{1,2}(?:,\d{0,2})?\})?\z");

    private readonly Regex _regex;

    private RegexPattern(Regex regex) => _regex = regex;

    /// <summary>Makes a pattern, or says why not.</summary>
    public static ITextPattern? Create(string expression, out string? refused)
    {
        refused = Refused(expression);
        if (refused is not null) return null;
        const RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.Multiline;
        try
        {
            // In linear time, which expressions that look around them can't have; one repeated character has it in any case, and sooner.
            RegexOptions engine = RepeatedCharacter.IsMatch(expression) ? RegexOptions.None : RegexOptions.NonBacktracking;
            return new RegexPattern(new(expression, options | engine, MatchLimit));
        }
        catch (Exception e) when (e is NotSupportedException or RegexParseException) { }
        try
        {
            return new RegexPattern(new(expression, options, MatchLimit));
        }
        catch (RegexParseException e)
        {
            refused = e.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Find(ReadOnlySpan<char> text, List<TextMatch> into)
    {
        char[] units = ArrayPool<char>.Shared.Rent(text.Length);
        int count = Fold(text, units), last = 0, unit = 0, at = 0;
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = MatchLimit + TimeSpan.FromMicroseconds(MicrosecondsPerUnit * text.Length);
        try
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(units.AsSpan(0, count)))
            {
                int start = Advance(text, match.Index), end = Advance(text, match.Index + match.Length);
                TextMatch.Add(into, ref last, start, end);
                if (Stopwatch.GetElapsedTime(started) > limit) throw TooLong();
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooLong();
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
        }
        TextMatch.AddRest(into, last, text.Length);

        int Advance(ReadOnlySpan<char> source, int target)
        {
            for (; unit < target; unit++)
            {
                CodePoints.At(source, at, out int length);
                at += length;
            }
            return at;
        }
    }

    private DataException TooLong() =>
        new($"the tokenizer's pattern {_regex} takes too long on this text; it is not one of the known patterns, which are matched in linear time");

    private static int Fold(ReadOnlySpan<char> text, Span<char> units)
    {
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            int codePoint = CodePoints.At(text, i, out int length);
            units[count] = codePoint < 0x10000 ? (char)codePoint : Representatives[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
            i += length;
        }
        return count;
    }

    private static string? Refused(string expression)
    {
        if (expression.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0) return "it names characters outside the basic plane";
        if (expression.Contains("[[:", StringComparison.Ordinal) || expression.Contains("&&", StringComparison.Ordinal)) return "sets of sets are not supported";
        bool set = false;
        for (int i = 0; i < expression.Length; i++)
        {
            char c = expression[i], next = i + 1 < expression.Length ? expression[i + 1] : '\0';
            if (c == '\\')
            {
                i++;
                if ("wWbBAzZGKRXhHykgQEM".Contains(next, StringComparison.Ordinal)) return $"\\{next} is not supported";
                if (char.IsAsciiDigit(next) && next != '0' && !set) return "references to groups are not supported";
            }
            else if (set && c == '[') return "sets of sets are not supported";
            else if (c == '[' && !set) set = true;
            else if (c == ']') set = false;
            else if (!set && c is '+' or '*' or '?' or '}' && next == '+') return $"the possessive {c}+ is not supported";
            else if (!set && c == '(' && next == '?' && !Known(expression.AsSpan(i + 2))) return $"the group {expression[i..Math.Min(i + 5, expression.Length)]} is not supported";
        }
        return null;
    }

    private static bool Known(ReadOnlySpan<char> group)
    {
        foreach (string known in (ReadOnlySpan<string>)[":", "=", "!", "<=", "<!", ">", "i:"])
            if (group.StartsWith(known, StringComparison.Ordinal)) return true;
        return false;
    }
}
