using System.Text.Json;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;
using Sinter.Tests.Models;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Optimizers;

/// <summary>The ten-variable Rosenbrock function of References/models/adamw.py with its two groups of variables, as two weights with an optimizer
/// each.</summary>
internal sealed class AdamWCase : IDisposable
{
    public const int Variables = 10;
    private readonly CpuDevice _device = new(1);
    private readonly List<(int First, int Count, AdamWOptions Options, Parameter Parameter, IOptimizer Optimizer)> _groups = [];

    public AdamWCase()
    {
        using var file = ReadFile();
        foreach (var g in file.RootElement.GetProperty("groups").EnumerateArray())
        {
            int count = g.GetProperty("count").GetInt32();
            double decay = Number(g, "weight_decay");
            // Decay applies to matrices: the group without one is a vector, whatever the option says.
            var weight = _device.Parameter(decay > 0 ? new Shape(2, count / 2) : new Shape(count));
            var parameter = new Parameter($"group{_groups.Count}", weight);
            var options = new AdamWOptions
            {
                LearningRate = Number(g, "learning_rate"), Betas = (Number(g, "beta1"), Number(g, "beta2")), Epsilon = Number(g, "epsilon"),
                WeightDecay = decay > 0 ? decay : 0.7,
            };
            _groups.Add((g.GetProperty("first").GetInt32(), count, options, parameter, options.Create([parameter])));
        }
        Put(Numbers(file.RootElement, "start"));
    }

    public float[] Weights => [.. _groups.SelectMany(g => g.Parameter.Value.ToArray())];

    public static JsonDocument ReadFile() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Reference.Folder("."), "adamw.json")));

    public static double[] Numbers(JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static double Number(JsonElement e, string name) => e.GetProperty(name).GetDouble();

    public static double[] Gradient(double[] x)
    {
        var g = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            if (i < x.Length - 1) g[i] += -400 * x[i] * (x[i + 1] - x[i] * x[i]) - 2 * (1 - x[i]);
            if (i > 0) g[i] += 200 * (x[i] - x[i - 1] * x[i - 1]);
        }
        return g;
    }

    /// <summary>One update; the gradient is that of the weights as they are, rounded to float32.</summary>
    public void Step(double? maxNorm) => StepWith(Gradient([.. Weights.Select(w => (double)w)]), maxNorm);

    public static double ClipFactor(double? maxNorm, double norm) => maxNorm is { } max ? NormClip.Factor(max, norm) : 1;

    public void StepWith(double[] gradient, double? maxNorm)
    {
        foreach (var (first, count, _, parameter, _) in _groups)
        {
            parameter.Value.ZeroGrad();
            var target = _device.Tape.GradTarget(parameter.Value, out _).Span;
            for (int i = 0; i < count; i++) target[i] = (float)gradient[first + i];
        }
        double norm = Math.Sqrt(_groups.Sum(g => Math.Pow(new GradientSet([g.Parameter]).Norm(), 2)));
        foreach (var g in _groups) g.Optimizer.Update(g.Options.LearningRate, ClipFactor(maxNorm, norm));
    }

    /// <summary>Takes weights, moments and the count of updates.</summary>
    public unsafe void Load(long updates, double[] weights, double[] first, double[] second)
    {
        Put(weights);
        using var folder = new TempFolder();
        var state = new StateWriter();
        foreach (var (g, index) in _groups.Select((g, i) => (g, i)))
        {
            var section = state.Section(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
            section.Integer("updates", updates);
            foreach (var (name, values) in ((string, double[])[])[("first.", first), ("second.", second)])
            {
                var moments = _device.From([.. values.Skip(g.First).Take(g.Count).Select(v => (float)v)]);
                section.Tensor(name + g.Parameter.Name, DType.Float32, ModelFolder.Extents(g.Parameter.Value.Shape), moments.Pointer);
            }
        }
        new TrainerState(updates, 0, 0, "", "").Write(folder.Path, state);
        using var read = TrainerState.Read(folder.Path).State;
        for (int i = 0; i < _groups.Count; i++) _groups[i].Optimizer.Load(read.Section(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        read.Finish();
    }

    /// <summary>The same in double, from algorithm 2 of the paper, group by group.</summary>
    public void DoubleStep(long update, double[] weights, double[] first, double[] second, double? maxNorm)
    {
        double[] gradient = Gradient(weights);
        double factor = maxNorm is { } max ? Math.Min(1, max / (Math.Sqrt(gradient.Sum(g => g * g)) + 1e-6)) : 1;
        foreach (var (start, count, o, parameter, _) in _groups)
        {
            double decay = parameter.IsMatrix ? o.WeightDecay : 0;
            for (int i = start; i < start + count; i++)
            {
                double g = gradient[i] * factor;
                first[i] = o.Betas.First * first[i] + (1 - o.Betas.First) * g;
                second[i] = o.Betas.Second * second[i] + (1 - o.Betas.Second) * g * g;
                double mean = first[i] / (1 - Math.Pow(o.Betas.First, update)), square = second[i] / (1 - Math.Pow(o.Betas.Second, update));
                weights[i] -= o.LearningRate * decay * weights[i] + o.LearningRate * mean / (Math.Sqrt(square) + o.Epsilon);
            }
        }
    }

    public void Dispose() => _device.Dispose();

    private void Put(double[] weights)
    {
        foreach (var g in _groups)
            for (int i = 0; i < g.Count; i++) g.Parameter.Value.Span[i] = (float)weights[g.First + i];
    }
}
