namespace Sinter.Monitoring.Reports;

/// <summary>A figure over the steps.</summary>
internal readonly record struct CurvePoint(double X, double Y);

/// <summary>Curves made fit to draw.</summary>
internal static class Curve
{
    /// <summary>
    /// At most <paramref name="limit"/> points that look the same: the first, the last, and of each stretch its lowest and highest. Points that are
    /// not finite are left out.
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
    /// The mean over about <paramref name="window"/> points around each: as many before as after, so that the curve does not lag. Where a run begins
    /// and figures fall fast, it looks at a quarter of the points since the start only. The last point is the mean of the last half window. Points
    /// that are not finite are left out.
    /// </summary>
    public static List<CurvePoint> Smooth(IReadOnlyList<CurvePoint> points, int window)
    {
        var finite = points.Where(point => double.IsFinite(point.Y)).ToList();
        var sums = new double[finite.Count + 1];
        for (int i = 0; i < finite.Count; i++) sums[i + 1] = sums[i] + finite[i].Y;
        var smooth = new List<CurvePoint>(finite.Count);
        for (int i = 0; i < finite.Count; i++)
        {
            int half = Math.Min(window / 2, i / 4), from = i - half, to = Math.Min(finite.Count, i + half + 1);
            smooth.Add(new CurvePoint(finite[i].X, (sums[to] - sums[from]) / (to - from)));
        }
        return smooth;
    }
}
