using System.Globalization;

namespace Sinter.Monitoring;

/// <summary>Figures as people read them, the same in the terminal and in reports, in every culture.</summary>
public static class HumanFormat
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>All digits, in groups: <c>1,234,567</c>.</summary>
    public static string Count(long value) => value.ToString("N0", Culture);

    /// <summary>Three digits and a unit: <c>812</c>, <c>48.2 k</c>, <c>1.54 M</c>, <c>7.02 B</c>.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        double.NaN => "NaN",
        < 999.5 => value.ToString("0.#", Culture),
        < 999.5e3 => Three(value / 1e3) + " k",
        < 999.5e6 => Three(value / 1e6) + " M",
        < 999.5e9 => Three(value / 1e9) + " B",
        _ => Three(value / 1e12) + " T",
    };

    /// <summary>Memory: <c>312 MiB</c>, <c>1.21 GiB</c>.</summary>
    public static string Bytes(long value) => (double)value switch
    {
        < 1024 => value.ToString(Culture) + " B",
        < 999.5 * 1024 => Three(value / 1024.0) + " KiB",
        < 999.5 * 1024 * 1024 => Three(value / 1048576.0) + " MiB",
        _ => Three(value / 1073741824.0) + " GiB",
    };

    /// <summary>Whole seconds in two units at most: <c>42s</c>, <c>3m 20s</c>, <c>5h 07m</c>, <c>2d 03h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(Math.Max(0, time.TotalSeconds)));
        if (whole.TotalMinutes < 1) return string.Create(Culture, $"{whole.Seconds}s");
        if (whole.TotalHours < 1) return string.Create(Culture, $"{whole.Minutes}m {whole.Seconds:00}s");
        if (whole.TotalDays < 1) return string.Create(Culture, $"{whole.Hours}h {whole.Minutes:00}m");
        return string.Create(Culture, $"{(long)whole.TotalDays}d {whole.Hours:00}h");
    }

    /// <summary>An estimate of time left, no more exact than it can be, so that it does not flicker: <c>24s</c>, <c>1m 35s</c>, <c>6m 20s</c>,
    /// <c>42m</c>, <c>5h 07m</c>.</summary>
    public static string Estimate(TimeSpan time)
    {
        double seconds = Math.Max(0, time.TotalSeconds), to = seconds switch { < 30 => 1, < 120 => 5, < 600 => 10, _ => 60 };
        var rounded = TimeSpan.FromSeconds(Math.Round(seconds / to) * to);
        return to == 60 && rounded.TotalHours < 1 ? string.Create(Culture, $"{rounded.Minutes}m") : Duration(rounded);
    }

    /// <summary>A loss, four decimals: <c>1.8043</c>.</summary>
    public static string Loss(double value) => double.IsFinite(value) ? value.ToString("F4", Culture) : value.ToString(Culture);

    /// <summary>The perplexity of a loss in nats, e to its power: <c>5.93</c>, <c>65.4</c>, <c>1,234</c>.</summary>
    public static string Perplexity(double loss) => Math.Exp(loss) switch
    {
        var value when !double.IsFinite(value) => value.ToString(Culture),
        < 99.95 and var value => value.ToString("F2", Culture),
        < 999.5 and var value => value.ToString("F1", Culture),
        < 1e7 and var value => value.ToString("N0", Culture),
        var value => value.ToString("0.##e0", Culture),
    };

    /// <summary>A share in [0, 1] as per cent: <c>46.2 %</c>.</summary>
    public static string Percent(double share) => double.IsFinite(share) ? (share * 100).ToString("F1", Culture) + " %" : share.ToString(Culture);

    /// <summary>Three significant digits, with a power of ten when it is small or large: <c>0.412</c>, <c>9.52e-4</c>, <c>1.2e6</c>.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        if (size == 0 || !double.IsFinite(value)) return value.ToString(Culture);
        if (size is >= 0.01 and < 99_999.5) return size >= 99.95 ? value.ToString("F0", Culture) : value.ToString("G3", Culture);
        return value.ToString("0.##e0", Culture);
    }

    private static string Three(double value) => value.ToString(Math.Abs(value) switch { < 9.995 => "0.00", < 99.95 => "0.0", _ => "0" }, Culture);
}
