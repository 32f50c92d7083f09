using System.Text.Json;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;

namespace Sinter.Tests.Optimizers;

/// <summary>
/// Optimizers on the chained Rosenbrock function over parameters of several shapes, in float32 or float64, beside a file of References/optimizers. The parameters are made by
/// the shapes of the file; who is in which group is the test's.
/// </summary>
internal sealed unsafe class MatrixCase : IDisposable
{
    private readonly CpuDevice _device;
    private readonly DType _type;
    private readonly List<(IOptimizer Optimizer, double LearningRate)> _optimizers = [];

    public MatrixCase(JsonElement file, DType type, Func<int, int?>? outputs = null, int threads = 1)
    {
        (_device, _type) = (new CpuDevice(threads), type);
        Parameters = [.. file.GetProperty("shapes").EnumerateArray().Select((s, i) =>
            new Parameter($"p{i}", _device.Parameter(new Shape([.. s.EnumerateArray().Select(e => e.GetInt64())]), true, type)) { Outputs = outputs?.Invoke(i) is { } n ? [n] : null })];
        Weights = AdamWCase.Numbers(file, "start");
    }

    public Parameter[] Parameters { get; }

    /// <summary>All variables, parameter after parameter.</summary>
    public double[] Weights
    {
        get => [.. Parameters.SelectMany(p => Enumerable.Range(0, (int)p.Value.Count).Select(i => Get(p.Value, i)))];
        set
        {
            int next = 0;
            foreach (var p in Parameters)
                for (int i = 0; i < p.Value.Count; i++) Set(p.Value, i, value[next++]);
        }
    }

    public static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Reference.Folder("../optimizers"), name)));

    /// <summary>Adds an optimizer of some of the parameters.</summary>
    public void Add(OptimizerOptions options, JsonElement members) =>
        _optimizers.Add((options.Create([.. members.EnumerateArray().Select(m => new ParameterGroup([Parameters[m.GetInt32()]]))]), options.LearningRate));

    /// <summary>An update by the gradient at the weights as they are, or at <paramref name="at"/>.</summary>
    public void Step(double[]? at = null)
    {
        double[] gradient = AdamWCase.Gradient(at ?? Weights);
        int next = 0;
        foreach (var p in Parameters)
        {
            p.Value.ZeroGrad();
            var target = _device.Tape.GradTarget(p.Value, out _);
            for (int i = 0; i < p.Value.Count; i++) Set(target, i, gradient[next++]);
        }
        foreach (var (optimizer, learningRate) in _optimizers) optimizer.Update(learningRate, 1);
    }

    /// <summary>Takes weights and what the optimizers remember from a state of the file.</summary>
    /// <param name="state">The state.</param>
    /// <param name="name">What a name of the file is here, section included.</param>
    /// <param name="counts">Where the count of updates belongs, if anywhere.</param>
    public void Load(JsonElement state, Func<string, string> name, params string[] counts)
    {
        Weights = AdamWCase.Numbers(state, "weights");
        foreach (var (optimizer, _) in _optimizers)
        {
            using var folder = new Checkpoints.TempFolder();
            var wanted = new StateWriter();
            optimizer.Save(wanted);
            var writer = new StateWriter();
            foreach (string count in counts) writer.Integer(count, state.GetProperty("step").GetInt64());
            foreach (var (p, memory) in Parameters.Zip(state.GetProperty("memory").EnumerateArray()))
                foreach (var tensor in memory.EnumerateObject())
                    if (wanted.NamedTensors.TryGetValue($"{name(tensor.Name)}.{p.Name}", out var kept)) Add(writer, kept, [.. tensor.Value.EnumerateArray().Select(v => v.GetDouble())]);
            new TrainerState(0, 0, 0, "", "").Write(folder.Path, writer);
            using var read = TrainerState.Read(folder.Path).State;
            optimizer.Load(read);
            read.Finish();
        }
    }

    /// <summary>‖got − want‖ ÷ ‖want‖.</summary>
    public static double Distance(double[] want, double[] got) => Math.Sqrt(want.Zip(got, (a, b) => (a - b) * (a - b)).Sum() / want.Sum(a => a * a));

    public void Dispose() => _device.Dispose();

    private void Add(StateWriter writer, SafetensorsTensor kept, double[] values)
    {
        var tensor = _device.Parameter(new Shape(values.Length), false, _type);
        for (int i = 0; i < values.Length; i++) Set(tensor, i, values[i]);
        writer.Tensor(kept.Name, _type, kept.Shape.AsSpan(), tensor.Pointer);
    }

    private static double Get(Tensor t, int i) => t.DType == DType.Float64 ? ((double*)t.Pointer)[i] : ((float*)t.Pointer)[i];

    private static void Set(Tensor t, int i, double value)
    {
        if (t.DType == DType.Float64) ((double*)t.Pointer)[i] = value;
        else ((float*)t.Pointer)[i] = (float)value;
    }
}
