using Sinter.Tensors;

namespace Sinter.Tests.Layers;

/// <summary>Orthogonal matrices: what PyTorch's QR with its correction of signs gives.</summary>
public sealed class OrthogonalTests
{
    // Around a panel of 64, square ones, where the last vectors have little left of themselves, and both ways round.
    [Theory]
    [InlineData(1, 1), InlineData(1, 9), InlineData(9, 1), InlineData(5, 64), InlineData(64, 64), InlineData(65, 65), InlineData(63, 200),
     InlineData(200, 63), InlineData(129, 128), InlineData(128, 129), InlineData(300, 300)]
    public void Rows_or_columns_are_orthonormal_and_R_has_a_positive_diagonal(int rows, int columns)
    {
        var spec = InitializerCase.Matrix(columns, rows);
        float[] got = InitializerCase.Fill(new OrthogonalInitializer(), spec);
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double[] q = new double[got.Length], a = new double[got.Length];
        float[] normal = new float[got.Length];
        new NormalInitializer { Std = 1 }.Fill(normal, 1, spec.Name);
        for (int i = 0; i < got.Length; i++)
        {
            q[i] = rows <= columns ? got[i] : got[i % length * columns + i / length];   // the vectors as rows
            a[i] = normal[i];
        }
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
            {
                Assert.True(Math.Abs(Dot(q, i, q, j, length) - (i == j ? 1 : 0)) <= 1e-5, $"row {i} · row {j}: {Dot(q, i, q, j, length)}");
                // A = L · Q, L lower triangular: rounding of float32 in a row of A, whose norm is √length.
                if (j > i) Assert.True(Math.Abs(Dot(a, i, q, j, length)) <= 1e-5 * Math.Sqrt(length), $"L[{i}, {j}] = {Dot(a, i, q, j, length)}");
                else if (i == j) Assert.True(Dot(a, i, q, j, length) > 0);
            }
    }

    [Fact]
    public void The_gain_is_the_length_of_the_vectors()
    {
        float[] tanh = InitializerCase.Fill(new OrthogonalInitializer { Activation = "tanh" }, InitializerCase.Matrix(50, 40)),
            one = InitializerCase.Fill(new OrthogonalInitializer(), InitializerCase.Matrix(50, 40));
        for (int i = 0; i < one.Length; i++) Assert.Equal(5.0 / 3 * one[i], tanh[i], 1e-7);
    }

    [Fact]
    public void Same_bits_for_any_number_of_threads_and_either_precision()
    {
        var spec = InitializerCase.Matrix(210, 190);
        float[] one = InitializerCase.Fill(new OrthogonalInitializer(), spec);
        Assert.Equal(one, InitializerCase.Fill(new OrthogonalInitializer(), spec, threads: 3));
        Assert.Equal(one, InitializerCase.Fill(new OrthogonalInitializer(), spec, precision: Precision.BFloat16));
        Assert.NotEqual(one, InitializerCase.Fill(new OrthogonalInitializer(), spec, seed: 2));
    }

    // Uniform over all orthogonal matrices: an element of one has mean 0 and variance 1 ÷ n, and √n times it is nearly normal (kurtosis 3 · n ÷ (n +
    // 2)).
    [Fact]
    public void Elements_are_spread_as_those_of_a_uniform_orthogonal_matrix()
    {
        float[] values = InitializerCase.Fill(new OrthogonalInitializer(), InitializerCase.Matrix(300, 300));
        InitializerCase.HasDistribution(values, v => InitializerCase.NormalCumulative(v * Math.Sqrt(300)));
        Assert.Equal(300, values.Sum(v => (double)v * v), 1e-3);
        // The trace has mean 0 and variance 1.
        double[] traces = [.. Enumerable.Range(1, 60).Select(seed =>
            Enumerable.Range(0, 20).Sum(i => (double)InitializerCase.Fill(new OrthogonalInitializer(), InitializerCase.Matrix(20, 20), (ulong)seed)[i * 21]))];
        Assert.InRange(traces.Average(), -5 / Math.Sqrt(60), 5 / Math.Sqrt(60));
        Assert.InRange(traces.Average(t => t * t), 0.3, 1.9);   // ± 5 · √(2 ÷ 60)
    }

    private static double Dot(double[] a, int i, double[] b, int j, int length)
    {
        double sum = 0;
        for (int k = 0; k < length; k++) sum += a[i * length + k] * b[j * length + k];
        return sum;
    }
}
