using System.Text.Json;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;

namespace Sinter.Tests.Optimizers;

/// <summary>Adafactor against PyTorch's and transformers' in float64: References/optimizers/adafactor.json.</summary>
public sealed class AdafactorTests
{
    // Float64 all the way; sums in another order than PyTorch's. The script made sure that roundings do not grow.
    [Theory]
    [InlineData("pytorch"), InlineData("transformers")]
    public void Two_hundred_updates_in_double(string run)
    {
        using var file = MatrixCase.Open("adafactor.json");
        using var c = Case(file, run, DType.Float64);
        int seen = 0;
        foreach (var state in States(file, run))
        {
            for (; seen < state.GetProperty("step").GetInt32(); seen++) c.Step();
            double distance = MatrixCase.Distance(AdamWCase.Numbers(state, "weights"), c.Weights);
            Assert.True(distance <= 1e-10, $"{run}, step {seen}: {distance}");
        }
        Assert.Equal(200, seen);
    }

    // One update alone: roundings of 6e-8 of weights and moments as they were recorded, and of the weights as they become.
    [Theory]
    [InlineData("pytorch"), InlineData("transformers")]
    public void One_update_in_float32_from_every_recorded_state(string run)
    {
        using var file = MatrixCase.Open("adafactor.json");
        foreach (var state in States(file, run))
        {
            using MatrixCase single = Case(file, run, DType.Float32, threads: 2), exact = Case(file, run, DType.Float64);
            foreach (var c in (MatrixCase[])[single, exact])
            {
                c.Load(state, n => n switch { "row" => "rows", "column" => "columns", _ => "second" }, "updates");
                c.Step(AdamWCase.Numbers(state, "weights"));
            }
            double distance = MatrixCase.Distance(exact.Weights, single.Weights);
            Assert.True(distance <= 1e-6, $"{run}, after step {state.GetProperty("step")}: {distance}");
        }
    }

    // Odd extents, more than one tile each way, several matrices; against the rule as PyTorch writes it, element by element, in double.
    [Theory]
    [InlineData(1L), InlineData(17L), InlineData(16_400L), InlineData(1L, 1L), InlineData(5L, 1L), InlineData(1L, 9L), InlineData(3L, 1025L), InlineData(65L, 7L)]
    [InlineData(131L, 2050L), InlineData(3L, 66L, 13L), InlineData(2L, 2L, 3L, 5L)]
    public void Every_shape(params long[] shape)
    {
        var (one, want) = Updated(shape, threads: 1);
        var (three, _) = Updated(shape, threads: 3);
        Assert.Equal(one, three);
        Closeness.Close(want, one, 1e-6, string.Join(" x ", shape), floor: 0);
    }

    [Fact]
    public void A_gradient_of_zeros_moves_nothing()
    {
        using var device = new CpuDevice(1);
        Parameter[] parameters = [new("m", device.Parameter(new Shape(3, 9))), new("v", device.Parameter(new Shape(5))), new("without", device.Parameter(new Shape(2, 2)))];
        foreach (var p in parameters) p.Value.Span.Fill(2);
        var optimizer = new AdafactorOptions { WeightDecay = 0.5, Epsilon1 = 1e-30 }.Create(parameters);
        device.Tape.GradTarget(parameters[0].Value, out _).Span.Clear();
        device.Tape.GradTarget(parameters[1].Value, out _).Span.Clear();
        optimizer.Update(0.1, 1);
        Assert.All(parameters[0].Value.ToArray(), w => Assert.Equal(2 * 0.95f, w));
        Assert.All(parameters[1].Value.ToArray().Concat(parameters[2].Value.ToArray()), w => Assert.Equal(2, w));
    }

    private static MatrixCase Case(JsonDocument file, string run, DType type, int threads = 1)
    {
        var c = new MatrixCase(file.RootElement, type, threads: threads);
        var root = file.RootElement.GetProperty(run);
        bool relative = root.GetProperty("relative").GetBoolean();
        foreach (var g in root.GetProperty("groups").EnumerateArray())
            c.Add(new AdafactorOptions
            {
                LearningRate = AdamWCase.Number(g, "learning_rate"), Beta2Decay = AdamWCase.Number(g, "beta2_decay"), Epsilon2 = AdamWCase.Number(g, "epsilon2"),
                // The default is the type's own, the file float64's; transformers has its epsilon elsewhere, too small to be seen.
                Epsilon1 = !relative ? 1e-150 : g.GetProperty("epsilon1") is { ValueKind: JsonValueKind.Number } e ? e.GetDouble()
                    : type == DType.Float64 ? null : double.BitIncrement(1) - 1,
                ClipThreshold = AdamWCase.Number(g, "clip_threshold"), WeightDecay = AdamWCase.Number(g, "weight_decay"), RelativeStep = relative, ScaleParameter = relative,
            }, g.GetProperty("parameters"));
        return c;
    }

    private static JsonElement[] States(JsonDocument file, string run) => [.. file.RootElement.GetProperty(run).GetProperty("states").EnumerateArray()];

    private static (float[] Got, double[] Want) Updated(long[] shape, int threads)
    {
        using var device = new CpuDevice(threads);
        Parameter[] parameters = [new("p", device.Parameter(new Shape(shape)))];
        var options = new AdafactorOptions { Beta2Decay = -0.5, Epsilon1 = 1e-4, ClipThreshold = 0.7, WeightDecay = 0.1 };
        var optimizer = options.Create(parameters);
        Initializer.Normal(0.3).Fill(parameters[0].Value.Span, 1, "w");
        double[] want = [.. parameters[0].Value.ToArray().Select(w => (double)w)], rows = new double[want.Length], columns = new double[want.Length];
        for (int step = 1; step <= 3; step++)
        {
            parameters[0].Value.ZeroGrad();
            var gradient = device.Tape.GradTarget(parameters[0].Value, out _).Span;
            Initializer.Normal(0.02).Fill(gradient, (ulong)step, "g");
            Plain(shape, want, [.. gradient.ToArray().Select(g => 0.5 * g)], rows, columns, step, options);
            optimizer.Update(0.05, 0.5);
        }
        return (parameters[0].Value.ToArray(), want);
    }

    private static void Plain(long[] shape, double[] w, double[] g, double[] rows, double[] columns, int step, AdafactorOptions o)
    {
        double fresh = Math.Pow(step, o.Beta2Decay), epsilon = o.Epsilon1!.Value, rms = Math.Sqrt(w.Average(x => x * x));
        double alpha = Math.Max(o.Epsilon2, rms) * Math.Min(0.05, 1 / Math.Sqrt(step)), decay = shape.Length > 1 ? o.WeightDecay : 0;
        var u = new double[w.Length];
        int c = (int)shape[^1], n = shape.Length > 1 ? (int)shape[^2] : 1;
        for (int m = 0; m < w.Length / (n * c); m++)
        {
            double Square(int i, int j) => g[(m * n + i) * c + j] * g[(m * n + i) * c + j];
            for (int i = 0; i < n; i++) rows[m * n + i] += (Enumerable.Range(0, c).Average(j => Square(i, j)) - rows[m * n + i]) * fresh;
            for (int j = 0; j < c; j++) columns[m * c + j] += (Enumerable.Range(0, n).Average(i => Square(i, j)) - columns[m * c + j]) * fresh;
            double mean = Math.Max(epsilon, rows.AsSpan(m * n, n).ToArray().Average());
            for (int i = 0; i < n; i++)
                for (int j = 0; j < c; j++)
                {
                    // Of a vector, taken as one row, the means of columns are the squares themselves.
                    double v = shape.Length > 1 ? rows[m * n + i] * columns[m * c + j] / mean : columns[j];
                    u[(m * n + i) * c + j] = g[(m * n + i) * c + j] / Math.Sqrt(Math.Max(v, epsilon * epsilon));
                }
        }
        double clip = Math.Max(1, Math.Sqrt(u.Average(x => x * x)) / o.ClipThreshold);
        for (int i = 0; i < w.Length; i++) w[i] = w[i] * (1 - 0.05 * decay) - alpha / clip * u[i];
    }
}
