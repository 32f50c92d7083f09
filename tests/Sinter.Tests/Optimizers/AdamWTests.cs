using System.Text.Json;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Optimizers;

/// <summary>AdamW and clipping against PyTorch's in float64: see References/models/adamw.json.</summary>
public sealed class AdamWTests
{
    [Theory]
    [InlineData("plain"), InlineData("clipped")]
    public void The_double_loop_of_these_tests_is_PyTorchs(string run)
    {
        using var adamw = new AdamWCase();
        using var file = AdamWCase.ReadFile();
        double[] w = AdamWCase.Numbers(file.RootElement, "start"), m = new double[AdamWCase.Variables], v = new double[AdamWCase.Variables];
        int seen = 0;
        for (int step = 1; step <= 200; step++)
        {
            adamw.DoubleStep(step, w, m, v, MaxNorm(file, run));
            if (State(file, run, step) is not { } state) continue;
            double[] want = AdamWCase.Numbers(state, "weights");
            Assert.True(Distance(want, w) <= 1e-11, $"step {step}: {Distance(want, w)}");
            seen++;
        }
        Assert.Equal(10, seen);
    }

    // What float32 state costs here is measured, not guessed: the double loop with weights and moments rounded to float32 after each update, at
    // random up or down, strays by up to 1e-4 of the norm after 200 steps, for the function's curvature carries errors on. Ours rounds inside the
    // update too, and its constants to float32, which pushes every step the same way: ten times that.
    [Theory]
    [InlineData("plain"), InlineData("clipped")]
    public void Two_hundred_updates(string run)
    {
        using var adamw = new AdamWCase();
        using var file = AdamWCase.ReadFile();
        for (int step = 1; step <= 200; step++)
        {
            adamw.Step(MaxNorm(file, run));
            if (State(file, run, step) is not { } state) continue;
            double[] want = AdamWCase.Numbers(state, "weights");
            double strayed = Enumerable.Range(1, 8).Max(seed => Distance(want, Rounded(adamw, file, run, step, seed)));
            Assert.True(strayed <= 1e-3, $"step {step}: rounding alone strays by {strayed}, so nothing can be told");
            Closeness.Close(want, adamw.Weights, Math.Max(5e-7, 10 * strayed), $"{run}, step {step}", floor: 0);
        }
    }

    // One update alone: a few roundings of 6e-8, of the weights as they were recorded and as they become.
    [Theory]
    [InlineData("plain"), InlineData("clipped")]
    public void One_update_from_every_recorded_state(string run)
    {
        using var adamw = new AdamWCase();
        using var file = AdamWCase.ReadFile();
        foreach (var state in file.RootElement.GetProperty(run).GetProperty("states").EnumerateArray())
        {
            long step = state.GetProperty("step").GetInt64();
            double[] w = AdamWCase.Numbers(state, "weights"), m = AdamWCase.Numbers(state, "moment1"), v = AdamWCase.Numbers(state, "moment2"),
                gradient = AdamWCase.Gradient(w);
            adamw.Load(step, w, m, v);
            adamw.StepWith(gradient, MaxNorm(file, run));
            adamw.DoubleStep(step + 1, w, m, v, MaxNorm(file, run));
            Closeness.Close(w, adamw.Weights, 1e-6, $"{run}, after step {step}", floor: 0);
            if (State(file, run, (int)step + 1) is { } next)
                Closeness.Close(AdamWCase.Numbers(next, "weights"), adamw.Weights, 1e-6, $"{run}, PyTorch's step {step + 1}", floor: 0);
        }
    }

    [Fact]
    public void Clipping_is_PyTorchs()
    {
        using var file = AdamWCase.ReadFile();
        foreach (var c in file.RootElement.GetProperty("clipping").EnumerateArray())
        {
            using var device = new CpuDevice(1);
            double[][] gradients = Vectors(c, "gradients"), clipped = Vectors(c, "clipped");
            // Without a memory (betas 0) and with epsilon 1 and learning rate 1, an update from 0 is −g ÷ (|g| + 1).
            Parameter[] parameters = [.. gradients.Select((g, i) => new Parameter($"p{i}", device.Parameter(new Shape(g.Length))))];
            var optimizer = new AdamWOptions { Betas = (0, 0), Epsilon = 1, WeightDecay = 0 }.Create(parameters);
            for (int i = 0; i < gradients.Length; i++)
            {
                var target = device.Tape.GradTarget(parameters[i].Value, out _).Span;
                for (int j = 0; j < target.Length; j++) target[j] = (float)gradients[i][j];
            }
            double norm = new GradientSet(parameters).Norm(), want = AdamWCase.Number(c, "norm");
            Assert.True(Math.Abs(norm - want) <= 1e-7 * want, $"norm {norm} instead of {want}");
            optimizer.Update(1, AdamWCase.ClipFactor(AdamWCase.Number(c, "max_norm"), norm));
            for (int i = 0; i < clipped.Length; i++)
                Closeness.Close([.. clipped[i].Select(g => -g / (Math.Abs(g) + 1))], parameters[i].Value.Span, 1e-6, $"{c}", floor: 1e-15);
        }
    }

    // ε is added to the corrected root, √v̂ + ε: before the correction, or under the root, the first update would be another.
    [Fact]
    public void Epsilon_is_added_to_the_corrected_root()
    {
        using var device = new CpuDevice(1);
        Parameter[] parameters = [new("w", device.Parameter(new Shape(20)))];
        var optimizer = new AdamWOptions { Betas = (0.9, 0.99), Epsilon = 0.1 }.Create(parameters);
        device.Tape.GradTarget(parameters[0].Value, out _).Span.Fill(0.02f);
        optimizer.Update(0.5, 1);
        Assert.All(parameters[0].Value.ToArray(), w => Assert.Equal(-0.5 * 0.02 / (0.02 + 0.1), w, 1e-7));
    }

    [Fact]
    public void A_weight_without_a_gradient_stays()
    {
        using var device = new CpuDevice(1);
        Parameter[] parameters = [new("with", device.Parameter(new Shape(3, 7))), new("without", device.Parameter(new Shape(5, 5)))];
        foreach (var p in parameters) p.Value.Span.Fill(2);
        var optimizer = new AdamWOptions { WeightDecay = 0.5 }.Create(parameters);
        device.Tape.GradTarget(parameters[0].Value, out _).Span.Fill(1);
        Assert.Equal(Math.Sqrt(21), new GradientSet(parameters).Norm(), 1e-12);
        optimizer.Update(0.1, 1);
        Assert.All(parameters[0].Value.ToArray(), w => Assert.Equal(2 * (1 - 0.05) - 0.1, w, 1e-5));
        Assert.All(parameters[1].Value.ToArray(), w => Assert.Equal(2, w));
    }

    // Tails of every length behind whole vectors, and more than one tile.
    [Fact]
    public void Every_element_of_every_length_is_updated()
    {
        using var device = new CpuDevice(2);
        Parameter[] parameters = [.. ((int[])[1, 15, 16, 17, 31, 33, 16_384, 16_385, 40_000]).Select(n =>
            new Parameter($"p{n}", device.Parameter(new Shape(n))))];
        var optimizer = new AdamWOptions { Epsilon = 1e-12 }.Create(parameters);
        double squares = 0;
        foreach (var p in parameters)
        {
            var g = device.Tape.GradTarget(p.Value, out _).Span;
            for (int i = 0; i < g.Length; i++) g[i] = (i % 7 - 3.5f) * 0.25f;
            foreach (float x in g) squares += (double)x * x;
        }
        Assert.Equal(Math.Sqrt(squares), new GradientSet(parameters).Norm(), 1e-9);
        optimizer.Update(0.25, 1);
        foreach (var p in parameters)
            for (int i = 0; i < p.Value.Count; i++)
                Assert.Equal(i % 7 < 4 ? 0.25 : -0.25, p.Value.Span[i], 1e-5);   // m̂ ÷ √v̂ of the first update is the sign
    }

    private static double Distance(double[] want, double[] got) => Math.Sqrt(want.Zip(got, (a, b) => (a - b) * (a - b)).Sum() / want.Sum(a => a * a));

    private static double[] Rounded(AdamWCase adamw, JsonDocument file, string run, int steps, int seed)
    {
        var random = new Random(seed);
        double[] w = AdamWCase.Numbers(file.RootElement, "start"), m = new double[AdamWCase.Variables], v = new double[AdamWCase.Variables];
        for (int step = 1; step <= steps; step++)
        {
            adamw.DoubleStep(step, w, m, v, MaxNorm(file, run));
            foreach (double[] state in (double[][])[w, m, v])
                for (int i = 0; i < state.Length; i++) state[i] = (float)(state[i] * (1 + (random.NextDouble() - 0.5) * 1.2e-7));
        }
        return w;
    }

    private static double[][] Vectors(JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(v => v.EnumerateArray().Select(x => x.GetDouble()).ToArray())];

    private static double? MaxNorm(JsonDocument file, string run) =>
        file.RootElement.GetProperty(run).GetProperty("max_norm") is { ValueKind: JsonValueKind.Number } max ? max.GetDouble() : null;

    private static JsonElement? State(JsonDocument file, string run, int step)
    {
        foreach (var state in file.RootElement.GetProperty(run).GetProperty("states").EnumerateArray())
            if (state.GetProperty("step").GetInt32() == step) return state;
        return null;
    }
}
