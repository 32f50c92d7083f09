using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Training;

namespace Sinter.Tests.Layers;

/// <summary>How weights begin.</summary>
public sealed class InitializerTests
{
    [Fact]
    public void Normal_values_have_their_mean_and_deviation()
    {
        float[] values = new float[100_001];
        Initializer.Normal(0.02).Fill(values, 1, "w");
        double mean = values.Average(v => (double)v), deviation = Math.Sqrt(values.Average(v => (double)v * v));
        Assert.InRange(mean, -3e-4, 3e-4);         // 0.02 ÷ √n = 6e-5
        Assert.InRange(deviation, 0.0198, 0.0202);
        Assert.InRange(values.Count(v => Math.Abs(v) > 0.04) / 100_001.0, 0.043, 0.048);   // 4.55 % beyond two deviations
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        Assert.True(values.Distinct().Count() > 99_000);
    }

    [Fact]
    public void Values_depend_on_seed_and_name_alone()
    {
        float[] Fill(ulong seed, string name, int count)
        {
            float[] values = new float[count];
            Initializer.Normal(1).Fill(values, seed, name);
            return values;
        }
        Assert.Equal(Fill(1, "a", 100)[..33], Fill(1, "a", 33));
        Assert.Empty(Fill(1, "a", 100).Intersect(Fill(2, "a", 100)));
        Assert.Empty(Fill(1, "a", 100).Intersect(Fill(1, "b", 100)));
    }

    // Radford et al., 2019, section 2.3: residual projections are scaled by 1 ÷ √(residual layers), two in each block.
    [Theory]
    [InlineData("gpt2", 0.01), InlineData("llama", 0.02)]
    public void Weights_begin_as_the_architecture_says(string architecture, double residual)
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of(architecture);
        (options.HiddenSize, options.IntermediateSize) = (128, 256);
        var model = Architectures.Build(Architectures.Configure(options, 300, null), device, 1);   // two blocks: ÷ √4
        foreach (var parameter in model.Parameters)
        {
            double deviation = Math.Sqrt(parameter.Value.ToArray().Average(v => (double)v * v));
            bool isResidual = parameter.Name.EndsWith("c_proj.weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            double want = parameter.IsMatrix ? isResidual ? residual : 0.02 : parameter.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1;
            Assert.True(Math.Abs(deviation - want) <= 0.05 * want, $"{parameter.Name}: {deviation} instead of {want}");
        }
        Assert.Equal(model.Parameters.Sum(p => p.Value.Count), model.ParameterCount);
    }

    [Fact]
    public void Two_parameters_of_one_name_are_refused()
    {
        using var device = new CpuDevice(1);
        var parameters = new ParameterSet(device, 1);
        parameters.Add("w", new Shape(2), Initializer.Ones);
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => parameters.Add("w", new Shape(2), Initializer.Ones)).Message,
            StringComparison.Ordinal);
    }
}
