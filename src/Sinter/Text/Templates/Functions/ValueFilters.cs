using System.Globalization;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Filters of numbers, and of any value.</summary>
internal static class ValueFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Filter> All { get; } = new()
    {
        ["default"] = Default,
        ["d"] = Default,
        ["tojson"] = ToJson,
        ["abs"] = (_, value, _) => Arithmetic.Sign(value, Value.TryNumber(value, out double number) && number < 0),
        ["int"] = Int,
        ["float"] = (_, value, a) => Value.TryNumber(value, out double number) || (value is string text && TryFloat(text, out number))
            ? number : a.Expect("default").Get(0, "default", 0.0),
        ["round"] = (_, value, a) => Round(value, a),
        ["attr"] = (_, value, a) => Members.Named(value, a.Expect("name").Text(0, "name")),
    };

    private static object? Default(TemplateRun run, object? value, Arguments arguments)
    {
        arguments.Expect("default_value", "boolean");
        bool isMissing = value is Undefined || (arguments.Flag(1, "boolean") && !Value.IsTrue(value));
        return isMissing ? arguments.Get(0, "default_value", "") : value;
    }

    private static string ToJson(TemplateRun run, object? value, Arguments arguments)
    {
        arguments.Expect("ensure_ascii", "indent", "separators", "sort_keys");
        long? indent = arguments.Get(1, "indent") is null ? null : arguments.Integer(1, "indent", 0);
        if (indent > 100) throw new TemplateFault($"tojson: an indent of {indent} is too wide");
        (string, string)? separators = arguments.Get(2, "separators") is List<object?> given
            ? given is [string item, string key] ? (item, key) : throw new TemplateFault("tojson: 'separators' are two texts") : null;
        string text = ValueJson.Write(Value.Defined(value), (int?)indent, arguments.Flag(0, "ensure_ascii"), arguments.Flag(3, "sort_keys"), separators);
        run.Charge(text.Length);
        return text;
    }

    private static object? Int(TemplateRun run, object? value, Arguments arguments)
    {
        object? missing = arguments.Expect("default", "base").Get(0, "default", 0L);
        long radix = arguments.Integer(1, "base", 10);
        if (Value.TryInteger(value, out long whole)) return whole;
        if (value is double number) return double.IsFinite(number) && Math.Abs(number) < 9e18 ? (long)number : missing;
        if (value is not string text) return missing;
        if (radix == 10) return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole) ? whole
            : TryFloat(text, out number) && Math.Abs(number) < 9e18 ? (long)number : missing;
        return Digits(text.Trim().ToLowerInvariant(), radix) is { } parsed ? parsed : missing;
    }

    private static long? Digits(string text, long radix)
    {
        if (radix is not (2 or 8 or 16)) throw new TemplateFault($"int: a base of {radix} is not supported; 2, 8, 10 and 16 are");
        string prefix = radix switch { 2 => "0b", 8 => "0o", _ => "0x" };
        string digits = text.StartsWith(prefix, StringComparison.Ordinal) ? text[2..] : text;
        Int128 number = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= radix || number > long.MaxValue / radix) return null;
            number = number * radix + digit;
        }
        return digits.Length == 0 ? null : (long)number;
    }

    private static object Round(object? value, Arguments arguments)
    {
        long digits = arguments.Expect("precision", "method").Integer(0, "precision", 0);
        string method = arguments.OptionalText(1, "method") ?? "common";
        if (!Value.TryNumber(Value.Defined(value), out double number)) throw new TemplateFault($"a {Value.TypeName(value)} can't be rounded");
        if (digits is < -300 or > 300) throw new TemplateFault($"round: a precision of {digits} is out of range");
        if (method == "common" && digits >= 0 && Value.TryInteger(value, out long whole)) return whole;
        double scale = Math.Pow(10, digits);
        return method switch
        {
            // Python rounds the decimal digits of the exact number; 15 of them are as many as .NET does.
            "common" => digits is >= 0 and <= 15 && Math.Abs(number) < 1e15 ? Rounded(number, (int)digits) : Math.Round(number * scale) / scale,
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => throw new TemplateFault($"round: there is no method '{method}'; use common, ceil or floor"),
        };
    }

    /// <summary>By the decimal digits of the number itself, which .NET writes exactly, but ties away from zero: Python's go to the even digit.</summary>
    private static double Rounded(double number, int digits)
    {
        const int tail = 40;
        string exact = number.ToString($"F{digits + tail}", CultureInfo.InvariantCulture), rounded = number.ToString($"F{digits}", CultureInfo.InvariantCulture);
        bool isTie = exact[^tail] == '5' && !exact.AsSpan()[^(tail - 1)..].ContainsAnyExcept('0');
        string kept = exact[..^tail].TrimEnd('.');
        return double.Parse(isTie && (kept[^1] - '0') % 2 == 0 ? kept : rounded, CultureInfo.InvariantCulture);
    }

    private static bool TryFloat(string text, out double number) => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
