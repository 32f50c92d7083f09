namespace Sinter.Cli.Terminal;

/// <summary>Bars for positive numbers on a logarithmic scale that spans all of them, a factor of ten at least.</summary>
internal sealed class LogBar
{
    private const string Eighths = " ▏▎▍▌▋▊▉█";
    private readonly double _low, _high;
    private readonly int _width;

    /// <summary>A scale for <paramref name="values"/>, in bars of <paramref name="width"/> characters.</summary>
    public LogBar(IEnumerable<double> values, int width)
    {
        double[] logs = [.. values.Where(v => v > 0 && double.IsFinite(v)).Select(Math.Log10)];
        double middle = logs.Length == 0 ? 0 : (logs.Min() + logs.Max()) / 2, half = logs.Length == 0 ? 0.5 : Math.Max(0.5, (logs.Max() - logs.Min()) / 2);
        (_low, _high, _width) = (middle - half, middle + half, width);
    }

    /// <summary>The bar of a value; empty for 0 and what is no number, full for infinity.</summary>
    public string Of(double value)
    {
        double share = value > 0 ? Math.Clamp((Math.Log10(value) - _low) / (_high - _low), 0, 1) : 0;
        int eighths = value > 0 ? Math.Max(1, (int)Math.Round(share * _width * 8)) : 0;
        string bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Eighths[eighths % 8].ToString() : "");
        return bar.PadRight(_width);
    }
}
