using System.Runtime.CompilerServices;
using System.Text.Json;
using Sinter.Layers;
using Sinter.Tensors.Ops;

namespace Sinter.Tests.Layers;

/// <summary>PyTorch's own gains, fans, bounds and deviations: see References/initializers.</summary>
public sealed class InitializerReferenceTests
{
    private const double Tolerance = 1e-14;   // the same formulas in double, in another order
    private static readonly JsonElement s_file = Read();

    [Fact]
    public void Gains()
    {
        foreach (var gain in s_file.GetProperty("gains").EnumerateObject()) Assert.Equal(gain.Value.GetDouble(), Gain.Of(gain.Name), Tolerance);
        Assert.Equal(s_file.GetProperty("gains").EnumerateObject().Select(g => g.Name).Order(), Gain.Activations.Order());
        Assert.Equal(s_file.GetProperty("leaky_gain").GetDouble(), Gain.Of("leaky_relu", 0.3), Tolerance);
        Assert.Contains("'gelo'", Assert.Throws<ArgumentException>(() => Gain.Of("gelo")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WeightLayout.OutputsByInputs), InlineData(WeightLayout.InputsByOutputs)]
    public void Fans_bounds_and_deviations(WeightLayout layout)
    {
        foreach (var c in s_file.GetProperty("cases").EnumerateArray())
        {
            var spec = InitializerCase.Matrix(c.GetProperty("inputs").GetInt64(), c.GetProperty("outputs").GetInt64(), layout);
            Assert.Equal((c.GetProperty("fan_in").GetInt64(), c.GetProperty("fan_out").GetInt64()), (spec.FanIn, spec.FanOut));
            Deviation(c, "xavier_uniform", new XavierUniformInitializer().Std(spec));
            Deviation(c, "xavier_uniform_tanh", new XavierUniformInitializer { Activation = "tanh" }.Std(spec));
            Deviation(c, "xavier_normal", new XavierNormalInitializer().Std(spec));
            foreach (string fan in new[] { "in", "out" })
            {
                Deviation(c, $"he_uniform_{fan}", new HeUniformInitializer { Fan = fan }.Std(spec));
                Deviation(c, $"he_uniform_{fan}_leaky", new HeUniformInitializer { Fan = fan, Activation = "leaky_relu", NegativeSlope = 0.3 }.Std(spec));
                Deviation(c, $"he_normal_{fan}", new HeNormalInitializer { Fan = fan }.Std(spec));
                Deviation(c, $"he_normal_{fan}_leaky", new HeNormalInitializer { Fan = fan, Activation = "leaky_relu", NegativeSlope = 0.3 }.Std(spec));
            }
            int[] zeros = Zeros(InitializerCase.Fill(new SparseInitializer { Sparsity = 0.3 }, spec), spec);
            Assert.Equal(Pair(c, "sparse_zeros"), new double[] { zeros.Min(), zeros.Max() });
            float[] identity = InitializerCase.Fill(new IdentityInitializer(), spec);
            int columns = (int)spec.Shape[1];
            Assert.Equal(Pair(c, "identity_ones"), new double[] { identity.Sum(), identity.Where((_, i) => i / columns == i % columns).Sum() });
        }
    }

    // Of a uniform draw the file has the bounds, ± √3 deviations; of a normal one the mean, 0, and the deviation.
    private static void Deviation(JsonElement c, string name, double std)
    {
        double[] pair = Pair(c, name);
        Assert.Equal(pair[0] == 0 ? pair[1] : pair[1] / Math.Sqrt(3), std, Tolerance);
        Assert.True(pair[0] == 0 || pair[0] == -pair[1]);
    }

    /// <summary>How many outputs of each input are zero.</summary>
    internal static int[] Zeros(float[] values, ParameterSpec spec)
    {
        var zeros = new int[spec.FanIn];
        for (int i = 0; i < values.Length; i++)
            if (values[i] == 0) zeros[spec.Layout == WeightLayout.OutputsByInputs ? i % spec.FanIn : i / spec.FanOut]++;
        return zeros;
    }

    private static double[] Pair(JsonElement c, string name) => [.. c.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static JsonElement Read([CallerFilePath] string here = "")
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "References", "initializers", "initializers.json")));
        return file.RootElement.Clone();
    }
}
