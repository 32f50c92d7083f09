using System.Globalization;
using System.Text;

namespace Sinter.Text.Templates.Functions;

/// <summary>Times as C's <c>strftime</c> writes them, in English.</summary>
internal static class DateText
{
    /// <summary>A time.</summary>
    public static string Of(DateTime time, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length) text.Append(format[i]);
            else text.Append(Field(time, format, ref i));
        }
        return text.ToString();
    }

    private static string Field(DateTime time, string format, ref int i)
    {
        bool bare = format[i + 1] == '-' && i + 2 < format.Length;
        i += bare ? 2 : 1;
        string field = Field(time, format[i]);
        return bare && field.TrimStart('0') is { Length: > 0 } digits ? digits : field;
    }

    private static string Field(DateTime time, char field) => field switch
    {
        '%' => "%",
        'n' => "\n",
        't' => "\t",
        'y' => Written(time, "yy"),
        'Y' => Written(time, "yyyy"),
        'm' => Written(time, "MM"),
        'd' => Written(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Written(time, "HH"),
        'I' => Written(time, "hh"),
        'M' => Written(time, "mm"),
        'S' => Written(time, "ss"),
        'f' => Written(time, "ffffff"),
        'p' => Written(time, "tt"),
        'a' => Written(time, "ddd"),
        'A' => Written(time, "dddd"),
        'b' or 'h' => Written(time, "MMM"),
        'B' => Written(time, "MMMM"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'F' => Written(time, "yyyy-MM-dd"),
        'T' => Written(time, "HH:mm:ss"),
        'R' => Written(time, "HH:mm"),
        'D' or 'x' => Written(time, "MM/dd/yy"),
        'X' => Written(time, "HH:mm:ss"),
        'c' => $"{Written(time, "ddd MMM")} {time.Day,2} {Written(time, "HH:mm:ss yyyy")}",
        _ => throw new TemplateFault($"strftime_now: '%{field}' is not supported"),
    };

    private static string Written(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
