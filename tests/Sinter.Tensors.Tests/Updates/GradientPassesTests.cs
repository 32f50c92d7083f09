using Sinter.Tensors.Updates;

namespace Sinter.Tensors.Tests.Updates;

/// <summary>The passes over gradients against plain loops in double, with tails of every kind and more than one tile.</summary>
public sealed class GradientPassesTests
{
    // One or two roundings to float32 of each element.
    private const double Tolerance = 2e-7;

    private static readonly int[] s_counts = [1, 15, 16, 17, 31, 33, 16 * 1024, 16 * 1024 + 5, 40_003];

    [Fact]
    public void Elements_are_clamped_and_NaN_stays()
    {
        using var device = new CpuDevice(2);
        var weights = Weights(device);
        weights[3].Grad.Span[2] = weights[3].Grad.Span[16] = float.NaN;
        weights[0].Grad.Span[0] = float.NegativeInfinity;
        float[][] before = Gradients(weights);
        double sum = GradientPasses.Clamp(weights, 0.25f);
        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(before[i].Select(g => float.IsNaN(g) ? g : Math.Clamp(g, -0.25f, 0.25f)), weights[i].Grad.ToArray());
        Assert.True(double.IsNaN(sum));
    }

    [Fact]
    public void Sums_of_squares_are_each_its_own()
    {
        using var device = new CpuDevice(2);
        var weights = Weights(device);
        double[] sums = new double[weights.Length];
        GradientPasses.Squares(weights, sums);
        for (int i = 0; i < weights.Length; i++) Close(weights[i].Grad.ToArray().Sum(g => (double)g * g), sums[i]);
        weights[4].ZeroGrad();
        Close(sums.Sum() - sums[4], GradientPasses.Clamp(weights, 1e9f));
        GradientPasses.Squares(weights, sums);
        Assert.Equal(0, sums[4]);
    }

    [Fact]
    public void Each_is_scaled_by_its_factor()
    {
        using var device = new CpuDevice(2);
        var weights = Weights(device);
        float[][] before = Gradients(weights);
        GradientPasses.Scale(weights, [.. weights.Select((_, i) => i % 3 == 0 ? 1.0 : 0.1 * i)]);
        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(before[i].Select(g => i % 3 == 0 ? g : g * (float)(0.1 * i)), weights[i].Grad.ToArray());
    }

    [Theory]
    [InlineData(0.3, 0.0), InlineData(0.0, 0.7), InlineData(0.02, 0.5)]
    public void A_penalty_has_its_value_and_gradient(double l1, double l2)
    {
        using var device = new CpuDevice(2);
        var weights = Weights(device);
        foreach (var w in weights) (w.Span[0], w.Span[^1]) = (0, -0f);
        float[][] before = Gradients(weights);
        double got = GradientPasses.AddPenalty(weights, l1, l2), want = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            float[] w = weights[i].ToArray(), g = weights[i].Grad.ToArray();
            want += w.Sum(x => l1 * Math.Abs((double)x) + l2 / 2 * x * x);
            for (int j = 0; j < w.Length; j++)
            {
                double gradient = before[i][j] + l1 * Math.Sign(w[j]) + l2 * w[j];
                Assert.Equal(gradient, g[j], Tolerance * (Math.Abs(before[i][j]) + l1 + l2 * Math.Abs(w[j])));
            }
        }
        Close(want, got);
        Assert.Equal(before.Select(g => g[0]), weights.Select(w => w.Grad.Span[0]));
    }

    [Theory]
    [InlineData(1, 1, false), InlineData(5, 19, false), InlineData(5, 19, true), InlineData(130, 131, true), InlineData(131, 64, true),
     InlineData(700, 33, false), InlineData(3, 20_000, false)]
    public void Units_are_clipped_by_their_weights(int rows, int columns, bool unitIsColumn)
    {
        using var device = new CpuDevice(2);
        var weight = Weight(device, new Shape(rows, columns), 7);
        weight.Span[0] = 0;
        float[] w = weight.ToArray(), before = weight.Grad.ToArray();
        const double Lambda = 0.05, Epsilon = 0.3;
        double got = UnitClip.Apply(weight, unitIsColumn, Lambda, Epsilon), sum = 0;
        for (int unit = 0; unit < (unitIsColumn ? columns : rows); unit++)
        {
            int[] at = [.. Enumerable.Range(0, rows * columns).Where(i => (unitIsColumn ? i % columns : i / columns) == unit)];
            double g = Math.Sqrt(at.Sum(i => (double)before[i] * before[i])), limit = Lambda * Math.Max(Math.Sqrt(at.Sum(i => (double)w[i] * w[i])), Epsilon);
            double factor = g > limit ? limit / g : 1;
            foreach (int i in at) Assert.Equal(before[i] * factor, weight.Grad.Span[i], Tolerance * Math.Abs(before[i]));
            sum += factor * factor * g * g;
        }
        Assert.Equal(sum, got, 1e-6 * sum);
    }

    [Fact]
    public void The_same_bits_for_any_number_of_threads()
    {
        var runs = ((int[])[1, 2, 3]).Select(threads =>
        {
            using var device = new CpuDevice(threads);
            var weights = Weights(device);
            var matrix = Weight(device, new Shape(301, 203), 2);
            double[] sums = [GradientPasses.AddPenalty(weights, 0.1, 0.2), UnitClip.Apply(matrix, true, 0.1, 0.1), GradientPasses.Clamp(weights, 0.9f), UnitClip.Apply(matrix, false, 0.05, 0.1)];
            return (sums, Gradients(weights).SelectMany(g => g).Concat(matrix.Grad.ToArray()).ToArray());
        }).ToList();
        Assert.All(runs, run => Assert.Equal(runs[0].sums, run.sums));
        Assert.All(runs, run => Assert.Equal(runs[0].Item2, run.Item2));
    }

    private static void Close(double want, double got) => Assert.Equal(want, got, 1e-12 * Math.Abs(want));

    private static float[][] Gradients(Tensor[] weights) => [.. weights.Select(w => w.Grad.ToArray())];

    private static Tensor[] Weights(CpuDevice device) => [.. s_counts.Select((count, i) => Weight(device, new Shape(count), i))];

    private static Tensor Weight(CpuDevice device, Shape shape, int seed)
    {
        var random = new System.Random(seed);
        var weight = device.Parameter(shape);
        foreach (ref float w in weight.Span) w = (float)(random.NextDouble() - 0.5);
        foreach (ref float g in device.Tape.GradTarget(weight, out _).Span) g = (float)(random.NextDouble() - 0.5);
        return weight;
    }
}
