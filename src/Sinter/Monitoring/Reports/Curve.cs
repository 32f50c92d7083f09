namespace Sinter.Monitoring.Reports;

/// <summary>A figure over the steps.</summary>
internal readonly record struct CurvePoint(double X, double Y);

/// <summary>Curves made fit to draw.</summary>
internal static class Curve
{
    /// <summary>
    /// At most <paramref name="limit"/> points that look the same: the first, the last, and of each stretch its lowest and highest. Points that are not finite are left out.
    /// </summary>
    public static List<CurvePoint> Thin(IReadOnlyList<CurvePoint> points, int limit)
    {
        var finite = points.Where(point => double.IsFinite(point.Y)).ToList();
        if (finite.Count <= limit) return finite;
        int stretches = (limit - 2) / 2;
        var kept = new List<CurvePoint>(limit) { finite[0] };
        for (int i = 0; i < stretches; i++)
        {
            int from = 1 + (int)((long)(finite.Count - 2) * i / stretches), to = 1 + (int)((long)(finite.Count - 2) * (i + 1) / stretches);
            AddExtremes(finite, from, to, kept);
        }
        kept.Add(finite[^1]);
        return kept;
    }

    private static void AddExtremes(List<CurvePoint> points, int from, int to, List<CurvePoint> kept)
    {
        int low = from, high = from;
        for (int i = from + 1; i < to; i++)
        {
            if (points[i].Y < points[low].Y) low = i;
            if (points[i].Y > points[high].Y) high = i;
        }
        kept.Add(points[Math.Min(low, high)]);
        if (low != high) kept.Add(points[Math.Max(low, high)]);
    }

    /// <summary>
    /// The exponential moving average over about <paramref name="window"/> points, divided by the weight it has seen so far, so that it does not begin at zero
    /// (Kingma and Ba 2015, section 3). Points that are not finite are left out.
    /// </summary>
    public static List<CurvePoint> Smooth(IReadOnlyList<CurvePoint> points, double window)
    {
        double keep = 1 - 1 / Math.Max(1, window), sum = 0, weight = 0;
        var smooth = new List<CurvePoint>(points.Count);
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(y)) continue;
            sum = keep * sum + (1 - keep) * y;
            weight = keep * weight + (1 - keep);
            smooth.Add(new CurvePoint(x, sum / weight));
        }
        return smooth;
    }
}
