using System.Text.Json;
using Sinter.Checkpoints.Safetensors;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tests.Models;
using Sinter.Training.Averaging;

namespace Sinter.Tests.Training;

/// <summary>Averages of weights against PyTorch's AveragedModel in float64 (References/optimizers/averages.json), and what a run does with them.</summary>
public sealed class WeightAverageTests
{
    // Sixty roundings of float32, each of 6e-8, that the decay forgets.
    [Theory]
    [InlineData("ema", 1), InlineData("warm", 1), InlineData("swa", 1), InlineData("swa_late", 1), InlineData("ema", 3), InlineData("swa", 3)]
    public void The_values_are_PyTorchs(string name, int threads)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Reference.Folder("../optimizers"), "averages.json")));
        using var device = new CpuDevice(threads);
        Parameter[] parameters = [new("w", device.Parameter(new Shape(11)))];
        WeightAverageOptions options = name switch
        {
            "ema" => new ExponentialAverageOptions { Decay = 0.9, Warmup = false },
            "warm" => new ExponentialAverageOptions { Decay = 0.9 },
            "swa" => new StochasticAverageOptions { Start = 0 },
            _ => new StochasticAverageOptions { Start = 0.5, Every = 4 },
        };
        var average = options.Create(parameters, 60);
        var want = file.RootElement.GetProperty(name).EnumerateArray().ToDictionary(v => v.GetProperty("step").GetInt32(), v => Numbers(v.GetProperty("weights")));
        int step = 0;
        foreach (var walk in file.RootElement.GetProperty("walk").EnumerateArray())
        {
            float[] weights = [.. Numbers(walk).Select(w => (float)w)];
            weights.CopyTo(parameters[0].Value.Span);
            average.Observe(++step);
            using (average.Swap())
            {
                if (want.TryGetValue(step, out double[]? averaged)) Closeness.Close(averaged, parameters[0].Value.Span, 1e-6, $"{name}, step {step}", floor: 0);
                else if (name == "swa_late" && step <= 30) Assert.Equal(weights, parameters[0].Value.ToArray());
            }
            Assert.Equal(weights, parameters[0].Value.ToArray());
        }
        Assert.Equal(name == "swa_late" ? 3 : 6, want.Count);
    }

    // Whole vectors, their rests, and more than one tile.
    [Theory]
    [InlineData(1), InlineData(3)]
    public void Every_element_of_every_length(int threads)
    {
        using var device = new CpuDevice(threads);
        Parameter[] parameters = [.. ((int[])[1, 7, 8, 9, 15, 16, 17, 33, 16_384, 16_391, 40_000]).Select(n => new Parameter($"p{n}", device.Parameter(new Shape(n))))];
        var average = new StochasticAverageOptions { Start = 0 }.Create(parameters, 2);
        var seen = new List<float[][]>();
        for (int step = 1; step <= 2; step++)
        {
            foreach (var p in parameters) Initializer.Normal(1).Fill(p.Value.Span, (ulong)step, p.Name);
            average.Observe(step);
            seen.Add([.. parameters.Select(p => p.Value.ToArray())]);
        }
        using (average.Swap())
            for (int i = 0; i < parameters.Length; i++)
                Assert.Equal(seen[0][i].Zip(seen[1][i], (a, b) => (float)(0.5 * a + 0.5 * b)), parameters[i].Value.ToArray());
        for (int i = 0; i < parameters.Length; i++) Assert.Equal(seen[1][i], parameters[i].Value.ToArray());
    }

    [Theory]
    [InlineData("{ name: ema, decay: 0.9 }"), InlineData("{ name: swa, start: 0.4, every: 3 }")]
    public void The_model_is_the_average_and_training_goes_on_without_it(string average)
    {
        using SmallRun plain = new(), averaged = new();
        plain.Train(plain.Recipe());
        averaged.Train(averaged.Recipe($"training.average={average}"));
        Assert.Equal(plain.Metrics.Select(m => m.Loss), averaged.Metrics.Select(m => m.Loss));
        Assert.NotEqual(plain.Metrics[^1].ValidationLoss, averaged.Metrics[^1].ValidationLoss);
        Assert.NotEqual(plain.Weights, averaged.Weights);
        Assert.Equal(plain.Weights, File.ReadAllBytes(averaged["checkpoints/step-000030/model.safetensors"]));
        using SafetensorsReader state = SafetensorsReader.Open(averaged["checkpoints/step-000030/trainer.safetensors"]),
            model = SafetensorsReader.Open(averaged["model/model.safetensors"]);
        foreach (var entry in model.Entries)
        {
            Assert.True(state.TryGet("average.average." + entry.Name, out var kept));
            Assert.Equal(state.ReadFloat32(kept), model.ReadFloat32(entry));
        }
    }

    [Theory]
    [InlineData("{ name: ema, decay: 0.9 }"), InlineData("{ name: swa, start: 0.4, every: 3 }")]
    public void Stopped_and_resumed(string average)
    {
        using SmallRun whole = new(), run = new();
        whole.Train(whole.Recipe($"training.average={average}"));
        run.Train(run.Recipe($"training.average={average}"), stopAt: 7);
        run.Train(null, resume: true, stopAt: 20);
        run.Train(null, resume: true);
        Assert.Empty(run.Warnings);
        Assert.Equal(whole.Metrics, run.Metrics);
        Assert.Equal(whole.Weights, run.Weights);
    }

    // The mean of what one run averaged at its end would be of the middle of the longer run.
    [Fact]
    public void A_longer_run_averages_its_own_end()
    {
        using SmallRun whole = new(), run = new();
        string[] sets = ["training.average={ name: swa, start: 0.6 }", "training.schedule={ name: constant }"];
        whole.Train(whole.Recipe(sets));
        run.Train(run.Recipe([.. sets, "training.max_steps=10"]));
        run.Train(run.Recipe(sets), resume: true);
        Assert.Equal(whole.Weights, run.Weights);
    }

    [Fact]
    public void An_average_that_begins_later_in_a_run_says_so()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 10);
        run.Train(run.Recipe("training.average={ name: ema }"), resume: true);
        Assert.Contains(run.Warnings, w => w.Contains("average", StringComparison.Ordinal) && w.Contains("anew", StringComparison.Ordinal));
    }

    private static double[] Numbers(JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];
}
