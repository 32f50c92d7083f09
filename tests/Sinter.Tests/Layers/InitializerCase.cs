using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Tests.Layers;

/// <summary>What an initializer writes, and what a distribution should look like.</summary>
internal static class InitializerCase
{
    /// <summary>A matrix from inputs to outputs.</summary>
    public static ParameterSpec Matrix(long inputs, long outputs, WeightLayout layout = WeightLayout.OutputsByInputs, string name = "w") =>
        new(name, layout == WeightLayout.OutputsByInputs ? new Shape(outputs, inputs) : new Shape(inputs, outputs)) { Layout = layout };

    /// <summary>The values of a parameter.</summary>
    public static float[] Fill(Initializer initializer, ParameterSpec spec, ulong seed = 1, int threads = 1, Precision precision = Precision.Float32)
    {
        using var device = new CpuDevice(threads, precision);
        var values = device.Parameter(spec.Shape);
        values.Span.Fill(float.NaN);
        initializer.Fill(values, spec, seed);
        return values.ToArray();
    }

    /// <summary>
    /// Mean and variance of n independent values. They are within five standard errors: σ ÷ √n of the mean, σ² · √((κ − 1) ÷ n) of the variance, κ
    /// the fourth
    /// moment ÷ σ⁴. The seed is fixed, so this is no matter of luck; a wrong factor of 1.02 would already fail at n = 120,000.
    /// </summary>
    public static void HasMoments(float[] values, double mean, double std, double kurtosis)
    {
        double n = values.Length, found = values.Average(v => (double)v), variance = values.Average(v => (v - mean) * (v - mean));
        Assert.True(Array.TrueForAll(values, float.IsFinite));
        Assert.True(Math.Abs(found - mean) <= 5 * std / Math.Sqrt(n), $"mean {found}, not {mean}");
        Assert.True(Math.Abs(variance - std * std) <= 5 * std * std * Math.Sqrt((kurtosis - 1) / n), $"deviation {Math.Sqrt(variance)}, not {std}");
    }

    /// <summary>Kolmogorov and Smirnov: √n times the largest distance from the distribution is above 1.95 in one of a thousand samples. And
    /// neighbours
    /// know nothing of each other: their correlation has the standard error 1 ÷ √n.</summary>
    public static void HasDistribution(float[] values, Func<double, double> cumulative)
    {
        double n = values.Length, largest = 0, mean = values.Average(v => (double)v), variance = values.Average(v => (v - mean) * (v - mean)), together = 0;
        for (int i = 1; i < values.Length; i++) together += (values[i] - mean) * (values[i - 1] - mean);
        double[] sorted = [.. values.Select(v => (double)v).Order()];
        for (int i = 0; i < sorted.Length; i++)
        {
            double at = cumulative(sorted[i]);
            largest = Math.Max(largest, Math.Max((i + 1) / n - at, at - i / n));
        }
        Assert.True(largest * Math.Sqrt(n) < 1.95, $"√n · D = {largest * Math.Sqrt(n)}");
        Assert.True(Math.Abs(together / n / variance) < 5 / Math.Sqrt(n), $"correlation of neighbours {together / n / variance}");
    }

    /// <summary>Φ by Abramowitz and Stegun 7.1.26: within 8e-8, far below the 0.006 that the test of distributions sees.</summary>
    public static double NormalCumulative(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2), t = 1 / (1 + 0.3275911 * z);
        double tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-z * z) / 2;
        return x < 0 ? tail : 1 - tail;
    }
}
