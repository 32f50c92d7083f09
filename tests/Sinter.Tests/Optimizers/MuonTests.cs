using System.Text.Json;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Updates;
using Sinter.Tests.Models;

namespace Sinter.Tests.Optimizers;

/// <summary>Muon against PyTorch's, whose iteration the script lets run in float64: References/optimizers/muon.json.</summary>
public sealed class MuonTests(ITestOutputHelper output)
{
    // Float64 all the way. The script made sure that roundings do not grow.
    [Fact]
    public void Two_hundred_updates_in_double()
    {
        using var file = MatrixCase.Open("muon.json");
        using var c = Case(file, DType.Float64);
        int seen = 0;
        foreach (var state in file.RootElement.GetProperty("states").EnumerateArray())
        {
            for (; seen < state.GetProperty("step").GetInt32(); seen++) c.Step();
            double distance = MatrixCase.Distance(AdamWCase.Numbers(state, "weights"), c.Weights);
            Assert.True(distance <= 1e-10, $"step {seen}: {distance}");
        }
        Assert.Equal(200, seen);
    }

    // One update alone: roundings of 6e-8, which the iteration magnifies where a singular value is small, in a step that is small beside the weights.
    [Fact]
    public void One_update_in_float32_from_every_recorded_state()
    {
        using var file = MatrixCase.Open("muon.json");
        foreach (var state in file.RootElement.GetProperty("states").EnumerateArray())
        {
            using MatrixCase single = Case(file, DType.Float32, threads: 2), exact = Case(file, DType.Float64);
            foreach (var c in (MatrixCase[])[single, exact])
            {
                c.Load(state, n => n switch { "momentum_buffer" => "mean", "exp_avg" => "adamw.first", _ => "adamw.second" }, "adamw.updates");
                c.Step(AdamWCase.Numbers(state, "weights"));
            }
            double distance = MatrixCase.Distance(exact.Weights, single.Weights);
            Assert.True(distance <= 1e-6, $"after step {state.GetProperty("step")}: {distance}");
        }
    }

    // In float32 a few thousand roundings of 6e-8; in bfloat16 not more than PyTorch's own error, 1.3 to 1.5 %, on the same matrices.
    [Fact]
    public void The_iteration_is_near_the_exact_one()
    {
        using var file = MatrixCase.Open("muon.json");
        foreach (var o in file.RootElement.GetProperty("orthogonalizations").EnumerateArray())
        {
            int rows = o.GetProperty("rows").GetInt32(), columns = o.GetProperty("columns").GetInt32();
            double[] g = Numbers(rows * columns, o.GetProperty("seed").GetUInt32()), exact = Orthogonal(g, rows, columns, DType.Float64, Precision.Float32);
            Closeness.Close(AdamWCase.Numbers(o, "first"), [.. exact.Take(8).Select(x => (float)x)], 1e-7, "PyTorch's, exact", floor: 0);
            Assert.Equal(AdamWCase.Number(o, "norm"), Math.Sqrt(exact.Sum(x => x * x)), 1e-10);
            double single = MatrixCase.Distance(exact, Orthogonal(g, rows, columns, DType.Float32, Precision.Float32));
            double rounded = MatrixCase.Distance(exact, Orthogonal(g, rows, columns, DType.Float32, Precision.BFloat16)), theirs = AdamWCase.Number(o, "error");
            output.WriteLine(FormattableString.Invariant($"{rows} x {columns}: float32 {single:G3}, bfloat16 {rounded:G3}, PyTorch {theirs:G3}"));
            Assert.InRange(single, 0, 2e-6);
            Assert.InRange(rounded, 1e-5, theirs);
        }
    }

    // GPT-2's matrices lie as [inputs, outputs]: the same map, transposed, takes the same step.
    [Theory]
    [InlineData("original"), InlineData("match_rms_adamw"), InlineData("spectral_unclamped")]
    public void A_map_that_lies_the_other_way_is_the_same_map(string adjust)
    {
        var options = new MuonOptions { AdjustLearningRate = adjust };
        float[] across = Updated(options, 24, 40, WeightLayout.OutputsByInputs, [24], transposed: false), along = Updated(options, 40, 24, WeightLayout.InputsByOutputs, [24], transposed: true);
        for (int i = 0; i < 24; i++)
            for (int j = 0; j < 40; j++) Assert.Equal(across[i * 40 + j], along[j * 24 + i], 1e-6f);
    }

    [Theory]
    [InlineData(WeightLayout.InputsByOutputs), InlineData(WeightLayout.OutputsByInputs)]
    public void Fused_maps_are_updated_one_by_one_or_as_one(WeightLayout layout)
    {
        bool columns = layout == WeightLayout.InputsByOutputs;
        int rows = columns ? 20 : 33, width = columns ? 33 : 20;
        float[] split = Updated(new MuonOptions(), rows, width, layout, [17, 8, 8]), whole = Updated(new MuonOptions { Fused = "whole" }, rows, width, layout, [17, 8, 8]),
            one = Updated(new MuonOptions(), rows, width, layout, [33]);
        Assert.Equal(one, whole);
        Assert.NotEqual(whole, split);
        int first = 0;
        foreach (int outputs in (int[])[17, 8, 8])
        {
            float[] alone = Updated(new MuonOptions(), columns ? rows : outputs, columns ? outputs : width, layout, [outputs], from: (rows, width, columns ? 0 : first, columns ? first : 0));
            int partWidth = columns ? outputs : width;
            for (int i = 0; i < alone.Length; i++)
                Assert.Equal(alone[i], columns ? split[i / partWidth * width + first + i % partWidth] : split[first * width + i], 1e-6f);
            first += outputs;
        }
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 40), InlineData(37, 3), InlineData(65, 130), InlineData(130, 65)]
    public void The_same_bits_from_any_number_of_threads(int rows, int columns)
    {
        foreach (var precision in (Precision[])[Precision.Float32, Precision.BFloat16])
            Assert.Equal(Updated(new MuonOptions(), rows, columns, WeightLayout.OutputsByInputs, [rows], threads: 1, precision: precision),
                Updated(new MuonOptions(), rows, columns, WeightLayout.OutputsByInputs, [rows], threads: 3, precision: precision));
    }

    [Fact]
    public void Embeddings_heads_biases_and_norms_have_AdamW()
    {
        using var device = new CpuDevice(1);
        Parameter[] all = [new("embedding", device.Parameter(new Shape(7, 5))), new("w", device.Parameter(new Shape(5, 5))) { Outputs = [5] },
            new("bias", device.Parameter(new Shape(5)))], rest = [new("embedding", device.Parameter(new Shape(7, 5))), new("bias", device.Parameter(new Shape(5)))];
        var options = new MuonOptions { LearningRate = 0.02, AdamW = new AdamWOptions { LearningRate = 0.003, WeightDecay = 0.2 } };
        IOptimizer muon = options.Create(all), adamw = options.AdamW.Create(rest);
        Assert.Equal(5 * (4 * 125 + 2 * 125), ((Muon)muon).OperationsPerUpdate);
        for (int step = 0; step < 3; step++)
        {
            foreach (var p in all.Concat(rest))
            {
                p.Value.ZeroGrad();
                Initializer.Normal(1).Fill(device.Tape.GradTarget(p.Value, out _).Span, (ulong)step, p.Name);
            }
            muon.Update(0.01, 0.5);   // the schedule is at half
            adamw.Update(0.0015, 0.5);
        }
        Assert.Equal(rest[0].Value.ToArray(), all[0].Value.ToArray());
        Assert.Equal(rest[1].Value.ToArray(), all[2].Value.ToArray());
        Assert.All(all[1].Value.ToArray(), w => Assert.InRange(Math.Abs(w), 1e-9, 0.06));
    }

    [Fact]
    public void A_schedules_momentum_is_that_of_the_matrices_alone()
    {
        using var device = new CpuDevice(1);
        Parameter[] All() => [new("w", device.Parameter(new Shape(5, 5))) { Outputs = [5] }, new("bias", device.Parameter(new Shape(5)))];
        Parameter[] moved = All(), own = All();
        IOptimizer mover = new MuonOptions().Create(moved), owner = new MuonOptions { Momentum = 0.3 }.Create(own);
        for (int step = 0; step < 3; step++)
        {
            foreach (var p in moved.Concat(own))
            {
                p.Value.ZeroGrad();
                Initializer.Normal(1).Fill(device.Tape.GradTarget(p.Value, out _).Span, (ulong)step, p.Name);
            }
            mover.Update(0.01, 1, momentum: 0.3);
            owner.Update(0.01, 1);
        }
        Assert.All(moved.Zip(own), p => Assert.Equal(p.Second.Value.ToArray(), p.First.Value.ToArray()));
    }

    private static MatrixCase Case(JsonDocument file, DType type, int threads = 1)
    {
        var root = file.RootElement;
        var c = new MatrixCase(root, type, i => root.GetProperty("shapes")[i] is var s && s.GetArrayLength() == 2 ? s[0].GetInt32() : null, threads);
        foreach (var g in root.GetProperty("groups").EnumerateArray())
            c.Add(new MuonOptions
            {
                LearningRate = AdamWCase.Number(g, "learning_rate"), WeightDecay = AdamWCase.Number(g, "weight_decay"), Momentum = AdamWCase.Number(g, "momentum"),
                Nesterov = g.GetProperty("nesterov").GetBoolean(), Iterations = g.GetProperty("ns_steps").GetInt32(), AdjustLearningRate = g.GetProperty("adjust_learning_rate").GetString()!,
            }, g.GetProperty("parameters"));
        var a = root.GetProperty("adamw");
        c.Add(new MuonOptions
        {
            LearningRate = 0.02,
            AdamW = new AdamWOptions
            {
                LearningRate = AdamWCase.Number(a, "learning_rate"), Betas = (AdamWCase.Number(a, "beta1"), AdamWCase.Number(a, "beta2")), Epsilon = AdamWCase.Number(a, "epsilon"),
                WeightDecay = AdamWCase.Number(a, "weight_decay"),
            },
        }, a.GetProperty("parameters"));
        return c;
    }

    /// <summary>The generator of the script.</summary>
    private static double[] Numbers(int count, uint state)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            state = state * 1664525 + 1013904223;
            values[i] = (state >> 8) / 16777216.0 - 0.5;
        }
        return values;
    }

    private static unsafe double[] Orthogonal(double[] g, int rows, int columns, DType type, Precision precision)
    {
        using var device = new CpuDevice(2, precision);
        var weight = device.Parameter(new Shape(rows, columns), true, type);
        var mean = device.Parameter(new Shape(rows, columns), false, type);
        var gradient = device.Tape.GradTarget(weight, out _);
        for (int i = 0; i < g.Length; i++)
        {
            if (type == DType.Float64) ((double*)gradient.Pointer)[i] = g[i];
            else ((float*)gradient.Pointer)[i] = (float)g[i];
        }
        OrthogonalUpdate.Run(weight, mean, new MatrixPart(0, 0, rows, columns), new OrthogonalRule(1, 0, false, -1, 1, (3.4445, -4.775, 2.0315), 5, 1e-7));
        return [.. Enumerable.Range(0, g.Length).Select(i => type == DType.Float64 ? ((double*)weight.Pointer)[i] : ((float*)weight.Pointer)[i])];
    }

    /// <summary>A matrix after two updates; its elements are those of a part of a larger one where <paramref name="from"/> says so.</summary>
    private static float[] Updated(MuonOptions options, int rows, int columns, WeightLayout layout, int[] outputs, bool transposed = false, int threads = 1, Precision precision = Precision.Float32,
        (int Rows, int Columns, int Row, int Column)? from = null)
    {
        using var device = new CpuDevice(threads, precision);
        var (allRows, allColumns, firstRow, firstColumn) = from ?? (rows, columns, 0, 0);
        float At(double[] all, int i)
        {
            int row = firstRow + i / columns, column = firstColumn + i % columns;
            return (float)all[transposed ? column * allRows + row : row * allColumns + column];
        }
        Parameter[] parameters = [new("w", device.Parameter(new Shape(rows, columns))) { Layout = layout, Outputs = outputs }];
        var optimizer = options.Create(parameters);
        for (int step = 0; step < 3; step++)
        {
            double[] all = Numbers(allRows * allColumns, (uint)step + 9);
            parameters[0].Value.ZeroGrad();
            var target = step == 0 ? parameters[0].Value.Span : device.Tape.GradTarget(parameters[0].Value, out _).Span;
            for (int i = 0; i < target.Length; i++) target[i] = At(all, i);
            if (step > 0) optimizer.Update(0.02, 0.5);
        }
        return parameters[0].Value.ToArray();
    }
}
