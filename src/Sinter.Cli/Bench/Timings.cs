namespace Sinter.Cli.Bench;

/// <summary>Seconds of repeated runs of the same work.</summary>
internal sealed class Timings
{
    private readonly List<double> _seconds = [];

    public int Count => _seconds.Count;

    public double Total { get; private set; }

    public double Best => _seconds.Min();

    public double Median
    {
        get
        {
            double[] sorted = [.. _seconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public void Add(TimeSpan time)
    {
        _seconds.Add(time.TotalSeconds);
        Total += time.TotalSeconds;
    }
}
