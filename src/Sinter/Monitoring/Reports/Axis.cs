using System.Globalization;

namespace Sinter.Monitoring.Reports;

/// <summary>Maps values to [0, 1] and says where the ticks are; logarithmic when the values spread over more than a linear scale can show.</summary>
internal sealed class Axis
{
    private readonly double _low, _high;
    private readonly bool _log;

    private Axis(double low, double high, bool log, double[] ticks) => (_low, _high, _log, Ticks) = (low, high, log, ticks);

    /// <summary>The values that are marked, ascending.</summary>
    public double[] Ticks { get; }

    /// <summary>Whether powers of ten are equally far apart.</summary>
    public bool IsLogarithmic => _log;

    /// <summary>An axis from exactly <paramref name="low"/> to <paramref name="high"/>, for steps.</summary>
    public static Axis Steps(double low, double high) =>
        new(low, Math.Max(high, low + 1), false, LinearTicks(low, Math.Max(high, low + 1), 8, whole: true));

    /// <summary>An axis of powers of ten from exactly <paramref name="low"/>, above 0, to <paramref name="high"/>.</summary>
    public static Axis Powers(double low, double high)
    {
        var wide = Logarithmic(low, high);
        return new Axis(Math.Log10(low), Math.Log10(Math.Max(high, low * 1.01)), true, [.. wide.Ticks.Where(t => t >= low && t <= high)]);
    }

    /// <summary>An axis with <paramref name="about"/> ticks that shows all of <paramref name="values"/>, which are finite, with some room.</summary>
    public static Axis For(IReadOnlyCollection<double> values, int about)
    {
        if (values.Count == 0) return new Axis(0, 1, false, [0, 1]);
        double low = values.Min(), high = values.Max();
        double median = values.Order().ElementAt(values.Count / 2);
        if (low > 0 && high / median > 20) return Logarithmic(low, high);
        double room = high > low ? 0.05 * (high - low) : Math.Max(0.05 * Math.Abs(high), 1e-9);
        double bottom = low >= 0 ? Math.Max(0, low - room) : low - room;
        if (low >= 0 && low < 0.25 * high) bottom = 0;
        return new Axis(bottom, high + room, false, LinearTicks(bottom, high + room, about, whole: false));
    }

    private static Axis Logarithmic(double low, double high)
    {
        double bottom = low / 1.1, top = high * 1.2;
        int from = (int)Math.Ceiling(Math.Log10(bottom)), to = (int)Math.Floor(Math.Log10(top));
        int every = Math.Max(1, (to - from) / 5);
        var ticks = new List<double>();
        for (int power = from; power <= to; power += every) ticks.Add(Math.Pow(10, power));
        return new Axis(Math.Log10(bottom), Math.Log10(top), true, [.. ticks]);
    }

    // 1, 2, 2.5 or 5 times a power of ten apart, whichever comes nearest to the wanted number of ticks.
    private static double[] LinearTicks(double low, double high, int about, bool whole)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / about)));
        double apart = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).MinBy(step => Math.Abs((high - low) / step - about));
        if (whole) apart = Math.Max(1, Math.Round(apart));
        var ticks = new List<double>();
        for (double i = Math.Ceiling(low / apart - 1e-9); i * apart <= high + 1e-9 * apart; i++) ticks.Add(i * apart);
        return [.. ticks];
    }

    /// <summary>Where <paramref name="value"/> is, 0 at the low end and 1 at the high one.</summary>
    public double At(double value) => ((_log ? Math.Log10(value) : value) - _low) / (_high - _low);

    /// <summary>The text of a tick: <c>0.002</c>, <c>5e-4</c>, <c>1,200</c>, <c>25k</c>.</summary>
    public static string Label(double tick) => Math.Abs(tick) switch
    {
        < 1e-15 => "0",
        < 0.001 => tick.ToString("0.##e0", CultureInfo.InvariantCulture),
        < 1000 => tick.ToString("0.####", CultureInfo.InvariantCulture),
        < 10_000 => tick.ToString("N0", CultureInfo.InvariantCulture),
        < 1e6 => (tick / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        < 1e9 => (tick / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        _ => tick.ToString("0.##e0", CultureInfo.InvariantCulture),
    };

    /// <summary>Where the axis begins and ends.</summary>
    public (double Low, double High) Range => _log ? (Math.Pow(10, _low), Math.Pow(10, _high)) : (_low, _high);
}
