using System.Globalization;
using System.Text;

namespace Sinter.Text.Templates;

/// <summary>Cuts the inside of a tag into tokens.</summary>
internal sealed class ExpressionLexer(TemplateSource source, List<TemplateToken> tokens)
{
    // A chain of operators is as deep as it is long; models' templates stay far below.
    private const int LongestTag = 2000;

    private static readonly string[] Signs =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _text = source.Text;
    private readonly Stack<char> _open = [];

    /// <summary>Adds the tokens of a tag.</summary>
    /// <param name="at">Where its inside begins.</param>
    /// <param name="close">The first character of its end: <c>%</c> or <c>}</c>.</param>
    /// <param name="open">Where the tag begins.</param>
    /// <returns>Where its end begins, with the sign that may stand there.</returns>
    public int Read(int at, char close, int open)
    {
        _open.Clear();
        for (int first = tokens.Count; ;)
        {
            if (tokens.Count - first > LongestTag) throw source.Error(open, $"the tag has more than {LongestTag} names, values and signs");
            at += PythonText.LeadingSpaces(_text.AsSpan(at));
            if (at >= _text.Length) throw source.Error(open, $"the tag does not end; close it with '{close}}}'");
            if (_open.Count == 0 && IsEnd(at, close)) return at;
            at = ReadToken(at);
        }
    }

    private bool IsEnd(int at, char close)
    {
        if (_text[at] == '-' || (_text[at] == '+' && close == '%')) at++;
        return at + 1 < _text.Length && _text[at] == close && _text[at + 1] == '}';
    }

    private int ReadToken(int at)
    {
        char c = _text[at];
        if (char.IsAsciiDigit(c)) return ReadNumber(at);
        if (c == '_' || char.IsLetter(c)) return ReadName(at);
        if (c is '"' or '\'') return ReadText(at);
        foreach (string sign in Signs)
        {
            if (string.CompareOrdinal(_text, at, sign, 0, sign.Length) != 0) continue;
            Balance(at, sign[0]);
            tokens.Add(new(TemplateTokenKind.Sign, sign, at));
            return at + sign.Length;
        }
        throw source.Error(at, $"'{c}' can't stand in a tag");
    }

    private void Balance(int at, char sign)
    {
        if (sign is '(' or '[' or '{') _open.Push(sign switch { '(' => ')', '[' => ']', _ => '}' });
        if (sign is not (')' or ']' or '}')) return;
        if (_open.Count == 0 || _open.Pop() != sign) throw source.Error(at, $"'{sign}' closes nothing that is open");
    }

    private int ReadName(int at)
    {
        int end = at + 1;
        while (end < _text.Length && (_text[end] == '_' || char.IsLetterOrDigit(_text[end]))) end++;
        tokens.Add(new(TemplateTokenKind.Name, _text[at..end], at));
        return end;
    }

    private int ReadNumber(int at)
    {
        if (_text[at] == '0' && Radix(at) is var radix && radix > 0) return ReadNumber(at, radix);
        int end = Digits(at);
        bool isFloat = false;
        // x.0.y are places in lists: digits behind a point make a number only where no name or bracket stands before it.
        bool afterPoint = at > 0 && _text[at - 1] == '.';
        if (!afterPoint && end + 1 < _text.Length && _text[end] == '.' && char.IsAsciiDigit(_text[end + 1]))
            (end, isFloat) = (Digits(end + 1), true);
        if (!afterPoint && end + 1 < _text.Length && _text[end] is 'e' or 'E')
        {
            int digits = _text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (digits < _text.Length && char.IsAsciiDigit(_text[digits])) (end, isFloat) = (Digits(digits), true);
        }
        tokens.Add(new(isFloat ? TemplateTokenKind.Float : TemplateTokenKind.Integer, _text[at..end].Replace("_", "", StringComparison.Ordinal), at));
        return end;
    }

    /// <summary>2, 8 or 16 where a number begins with 0b, 0o or 0x; else 0.</summary>
    private int Radix(int at) => at + 2 >= _text.Length || !char.IsAsciiHexDigit(_text[at + 2]) ? 0 : char.ToLowerInvariant(_text[at + 1]) switch
    {
        'b' => 2,
        'o' => 8,
        'x' => 16,
        _ => 0,
    };

    private int ReadNumber(int at, int radix)
    {
        UInt128 number = 0;
        int end = at + 2;
        for (; end < _text.Length && (char.IsAsciiHexDigit(_text[end]) || _text[end] == '_') && number <= ulong.MaxValue; end++)
        {
            if (_text[end] == '_') continue;
            int digit = char.IsAsciiDigit(_text[end]) ? _text[end] - '0' : char.ToLowerInvariant(_text[end]) - 'a' + 10;
            if (digit >= radix) break;
            number = number * (uint)radix + (uint)digit;
        }
        tokens.Add(new(TemplateTokenKind.Integer, number.ToString(CultureInfo.InvariantCulture), at));
        return end;
    }

    private int Digits(int at)
    {
        while (at < _text.Length && (char.IsAsciiDigit(_text[at]) || (_text[at] == '_' && at + 1 < _text.Length && char.IsAsciiDigit(_text[at + 1])))) at++;
        return at;
    }

    private int ReadText(int at)
    {
        StringBuilder text = new();
        int end = at + 1;
        for (; end < _text.Length && _text[end] != _text[at]; end++)
        {
            if (_text[end] != '\\') text.Append(_text[end]);
            else if (end + 1 < _text.Length) end = Escape(end, text);
        }
        if (end >= _text.Length) throw source.Error(at, "the text in quotes does not end");
        tokens.Add(new(TemplateTokenKind.Text, text.ToString(), at));
        return end + 1;
    }

    /// <summary>Python's escapes; an unknown one stays as it is.</summary>
    /// <returns>The last character of the escape.</returns>
    private int Escape(int at, StringBuilder text)
    {
        char c = _text[at + 1];
        int plain = "abfnrtv\\'\"\n".IndexOf(c, StringComparison.Ordinal);
        if (plain >= 0)
        {
            text.Append("\a\b\f\n\r\t\v\\'\"\0", plain, plain == 10 ? 0 : 1);
            return at + 1;
        }
        if (c is >= '0' and <= '7') return Octal(at + 1, text);
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0) return Code(at, digits, text);
        text.Append('\\').Append(c);
        return at + 1;
    }

    private int Code(int at, int digits, StringBuilder text)
    {
        var hex = _text.AsSpan(at + 2, Math.Min(digits, _text.Length - at - 2));
        if (hex.Length < digits || !int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || code is < 0 or > 0x10FFFF)
            throw source.Error(at, $"'\\{_text[at + 1]}' needs {digits} hexadecimal digits of a character");
        if (code is >= 0xD800 and <= 0xDFFF) text.Append((char)code);
        else text.Append(char.ConvertFromUtf32(code));
        return at + 1 + digits;
    }

    private int Octal(int at, StringBuilder text)
    {
        int code = 0, end = at;
        for (; end < at + 3 && end < _text.Length && _text[end] is >= '0' and <= '7'; end++) code = code * 8 + _text[end] - '0';
        text.Append((char)code);
        return end - 1;
    }
}
