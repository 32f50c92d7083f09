using System.Globalization;
using System.Text;

namespace Sinter.Text.Templates.Values;

/// <summary>Values as Python writes them: <c>str</c> and <c>repr</c>.</summary>
internal static class ValueText
{
    /// <summary><c>str(value)</c>: a text as it is.</summary>
    public static string Of(object? value)
    {
        if (value is string text) return text;
        if (value is Undefined) return "";
        StringBuilder result = new();
        Write(value, result);
        return result.ToString();
    }

    /// <summary><c>repr</c> of a float: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Of(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        string digits = number.ToString("E16", CultureInfo.InvariantCulture), shortest = number.ToString("R", CultureInfo.InvariantCulture);
        int exponent = number == 0 ? 0 : int.Parse(digits.AsSpan(digits.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = Digits(shortest, out bool negative);
        if (exponent is < -4 or >= 16) return Scientific(mantissa, exponent, negative);
        string sign = negative ? "-" : "";
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{mantissa}";
        string whole = mantissa.PadRight(exponent + 1, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{(whole.Length > exponent + 1 ? whole[(exponent + 1)..] : "0")}";
    }

    private static string Scientific(string mantissa, int exponent, bool negative) =>
        $"{(negative ? "-" : "")}{mantissa[0]}{(mantissa.Length > 1 ? "." + mantissa[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";

    /// <summary>The digits of a number without sign, point and exponent, and without zeros before and behind.</summary>
    private static string Digits(string number, out bool negative)
    {
        negative = number[0] == '-';
        int end = number.IndexOf('E');
        string digits = (end < 0 ? number : number[..end]).TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static void Write(object? value, StringBuilder result)
    {
        Value.RequireStack();
        switch (value)
        {
            case null: result.Append("None"); break;
            case bool flag: result.Append(flag ? "True" : "False"); break;
            case long number: result.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: result.Append(Of(number)); break;
            case string text: WriteQuoted(text, result); break;
            case Undefined: result.Append("Undefined"); break;
            case TemplateTuple tuple: WriteAll(tuple, "(", tuple.Count == 1 ? ",)" : ")", result); break;
            case List<object?> list: WriteAll(list, "[", "]", result); break;
            case TemplateDict dict: WriteDict(dict, result); break;
            default: throw new TemplateFault($"a {Value.TypeName(value)} can't be written");
        }
    }

    private static void WriteAll(List<object?> items, string open, string close, StringBuilder result)
    {
        result.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) result.Append(", ");
            Write(items[i], result);
        }
        result.Append(close);
    }

    private static void WriteDict(TemplateDict dict, StringBuilder result)
    {
        result.Append('{');
        for (int i = 0; i < dict.Count; i++)
        {
            if (i > 0) result.Append(", ");
            var (key, value) = dict.GetAt(i);
            Write(key, result);
            result.Append(": ");
            Write(value, result);
        }
        result.Append('}');
    }

    private static void WriteQuoted(string text, StringBuilder result)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        result.Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            int code = rune.Value;
            if (code == quote || code == '\\') result.Append('\\').Append((char)code);
            else if (code is '\n' or '\r' or '\t') result.Append(code switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else if (IsPrintable(rune)) result.Append(rune);
            else result.Append(code < 0x100 ? $"\\x{code:x2}" : code < 0x10000 ? $"\\u{code:x4}" : $"\\U{code:x8}");
        }
        result.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
