using System.Globalization;

namespace Sinter.Tests.Models;

/// <summary>The rule of accuracy: ‖got − want‖ ≤ tolerance · ‖want‖ + floor. The error of a single element says nothing where the true value is
/// zero.</summary>
internal static class Closeness
{
    public static void Close(ReadOnlySpan<float> want, ReadOnlySpan<float> got, double tolerance, string name, double floor = 1e-7)
    {
        Assert.Equal(want.Length, got.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < want.Length; i++) Add(ref error, ref norm, want[i], got[i]);
        Judge(error, norm, tolerance, floor, name);
    }

    public static void Close(ReadOnlySpan<double> want, ReadOnlySpan<float> got, double tolerance, string name, double floor = 1e-7)
    {
        Assert.Equal(want.Length, got.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < want.Length; i++) Add(ref error, ref norm, want[i], got[i]);
        Judge(error, norm, tolerance, floor, name);
    }

    private static void Add(ref double error, ref double norm, double want, double got)
    {
        error += (got - want) * (got - want);
        norm += want * want;
    }

    // A NaN on either side fails: it compares as false.
    private static void Judge(double error, double norm, double tolerance, double floor, string name) =>
        Assert.True(Math.Sqrt(error) <= tolerance * Math.Sqrt(norm) + floor,
            string.Create(CultureInfo.InvariantCulture, $"{name}: off by {Math.Sqrt(error):G3}, which is {Math.Sqrt(error / norm):G3} of the norm "
                + $"{Math.Sqrt(norm):G3}; {tolerance:G3} is allowed"));
}
