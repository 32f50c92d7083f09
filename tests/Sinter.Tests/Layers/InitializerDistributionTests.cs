using Sinter.Tensors.Ops;

namespace Sinter.Tests.Layers;

/// <summary>What initializers draw: moments, bounds, the whole distribution.</summary>
public sealed class InitializerDistributionTests
{
    // 120,003 values: no multiple of a block's four.
    private const int Inputs = 301, Outputs = 399;

    [Fact]
    public void Uniform() => IsUniform(new UniformInitializer { Min = -0.3, Max = 0.1 }, -0.3, 0.1);

    [Fact]
    public void Normal() => IsNormal(new NormalInitializer { Mean = 0.5, Std = 0.02 }, 0.5, 0.02);

    [Theory]
    [InlineData(WeightLayout.OutputsByInputs), InlineData(WeightLayout.InputsByOutputs)]
    public void Xavier(WeightLayout layout)
    {
        double std = Math.Sqrt(2.0 / (Inputs + Outputs));
        IsUniform(new XavierUniformInitializer(), -std * Math.Sqrt(3), std * Math.Sqrt(3), layout);
        IsUniform(new XavierUniformInitializer { Activation = "tanh" }, -5 * std / Math.Sqrt(3), 5 * std / Math.Sqrt(3), layout);
        IsNormal(new XavierNormalInitializer(), 0, std, layout);
        IsNormal(new XavierNormalInitializer { GivenGain = 3 }, 0, 3 * std, layout);
    }

    [Theory]
    [InlineData("in", WeightLayout.OutputsByInputs), InlineData("in", WeightLayout.InputsByOutputs),
     InlineData("out", WeightLayout.OutputsByInputs), InlineData("out", WeightLayout.InputsByOutputs)]
    public void He(string fan, WeightLayout layout)
    {
        double std = Math.Sqrt(2.0 / (fan == "in" ? Inputs : Outputs));
        IsUniform(new HeUniformInitializer { Fan = fan }, -std * Math.Sqrt(3), std * Math.Sqrt(3), layout);
        IsNormal(new HeNormalInitializer { Fan = fan }, 0, std, layout);
        IsNormal(new HeNormalInitializer { Fan = fan, Activation = "linear" }, 0, std / Math.Sqrt(2), layout);
    }

    [Theory]
    [InlineData(0, 0.02, 2), InlineData(1, 3, 0.5), InlineData(-0.1, 0.5, 6)]
    public void Truncated_normal(double mean, double std, double cutoff)
    {
        float[] values = Values(new TruncatedNormalInitializer { Mean = mean, Std = std, Cutoff = cutoff });
        double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        double share = 2 * InitializerCase.NormalCumulative(cutoff) - 1, edge = 2 * cutoff * Density(cutoff) / share;
        double variance = 1 - edge, fourth = 3 - edge * (cutoff * cutoff + 3);   // integration by parts
        Assert.All(values, v => Assert.True(Math.Abs(v - mean) <= cutoff * std * (1 + 1e-6)));
        Assert.True(values.Max(v => Math.Abs(v - mean)) > (cutoff > 5 ? 4 : 0.99 * cutoff) * std);
        InitializerCase.HasMoments(values, mean, std * Math.Sqrt(variance), fourth / variance / variance);
        InitializerCase.HasDistribution(values, v =>
            (InitializerCase.NormalCumulative((v - mean) / std) - InitializerCase.NormalCumulative(-cutoff)) / share);
    }

    [Theory]
    [InlineData(0, 0.02), InlineData(24, 0.02 / 4.898979485566356)]
    public void Gpt2_divides_what_ends_a_branch(int residualProjections, double std) =>
        IsNormal(new Gpt2Initializer(), 0, std, residualProjections: residualProjections);

    // The others of a sparse matrix are normal; how many there are is checked elsewhere.
    [Fact]
    public void What_is_left_of_a_sparse_matrix_is_normal()
    {
        float[] left = [.. Values(new SparseInitializer { Sparsity = 0.4, Std = 0.3 }).Where(v => v != 0)];
        InitializerCase.HasMoments(left, 0, 0.3, 3);
        InitializerCase.HasDistribution(left, v => InitializerCase.NormalCumulative(v / 0.3));
    }

    private static void IsUniform(Initializer initializer, double min, double max, WeightLayout layout = WeightLayout.OutputsByInputs)
    {
        float[] values = Values(initializer, layout);
        // The bounds themselves are rounded to float32; of n values the outermost are within 20 ÷ n of them, but for e⁻²⁰.
        Assert.InRange(values.Min(), (float)min, min + 20 * (max - min) / values.Length);
        Assert.InRange(values.Max(), max - 20 * (max - min) / values.Length, (float)max);
        InitializerCase.HasMoments(values, (min + max) / 2, (max - min) / Math.Sqrt(12), 1.8);
        InitializerCase.HasDistribution(values, v => Math.Clamp((v - min) / (max - min), 0, 1));
    }

    private static void IsNormal(Initializer initializer, double mean, double std, WeightLayout layout = WeightLayout.OutputsByInputs,
        int residualProjections = 0)
    {
        float[] values = InitializerCase.Fill(initializer, InitializerCase.Matrix(Inputs, Outputs, layout) with { ResidualProjections = residualProjections });
        InitializerCase.HasMoments(values, mean, std, 3);
        InitializerCase.HasDistribution(values, v => InitializerCase.NormalCumulative((v - mean) / std));
    }

    private static float[] Values(Initializer initializer, WeightLayout layout = WeightLayout.OutputsByInputs) =>
        InitializerCase.Fill(initializer, InitializerCase.Matrix(Inputs, Outputs, layout));
}
