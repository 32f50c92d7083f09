using System.Text.Json;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;
using Sinter.Tests.Models;

namespace Sinter.Tests.Optimizers;

/// <summary>A case of References/optimizers/elementwise.json: an optimizer, named as in a recipe, on the Rosenbrock function of all its parameters' elements.</summary>
internal sealed unsafe class ElementwiseCase : IDisposable
{
    private static readonly Lazy<JsonElement> s_file = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Reference.Folder("."), "..", "optimizers", "elementwise.json"))).RootElement);

    private readonly CpuDevice _device = new(1);
    private readonly DType _type;
    private readonly Parameter[] _parameters;
    private readonly ISchedule _schedule;
    private readonly IOptimizer _optimizer;
    private long _steps;

    public ElementwiseCase(JsonElement json, DType type)
    {
        _type = type;
        _parameters = [.. s_file.Value.GetProperty("parameters").EnumerateObject().Select(p =>
            new Parameter(p.Name, _device.Parameter(new Shape([.. p.Value.EnumerateArray().Select(e => e.GetInt64())]), type: type)))];
        // JSON is YAML.
        var training = RecipeReader.Parse($"{{ data: {{ text: a.txt }}, training: {{ max_steps: 200, optimizer: {json.GetProperty("optimizer")}, "
            + $"schedule: {(json.TryGetProperty("schedule", out var schedule) ? schedule : "constant")}, parameter_groups: {s_file.Value.GetProperty("parameter_groups")} }} }}", "case.yaml").Training;
        _schedule = training.Schedule.Create(training.Optimizer.LearningRate, 200);
        _optimizer = training.Optimizer.Create(ParameterGrouping.Groups(_parameters, training.ParameterGroups));
        Weights = AdamWCase.Numbers(s_file.Value, "start");
    }

    public static IReadOnlyList<JsonElement> All => [.. s_file.Value.GetProperty("cases").EnumerateArray()];

    public static string NameOf(JsonElement json) => json.GetProperty("optimizer").GetProperty("name").GetString()!;

    /// <summary>What the case says of optimizer and schedule.</summary>
    public static string Describe(JsonElement json) => $"{json.GetProperty("optimizer")}{(json.TryGetProperty("schedule", out var schedule) ? $" {schedule}" : "")}";

    public double[] Weights
    {
        get => [.. _parameters.SelectMany(p => Enumerable.Range(0, (int)p.Value.Count).Select(i => Get(p.Value, i)))];
        private set => Put(_parameters.Select(p => p.Value), value);
    }

    /// <summary>The weights' bits.</summary>
    public IEnumerable<long> Bits => Weights.Select(BitConverter.DoubleToInt64Bits);

    /// <summary>One update, with the gradient of the weights as they are.</summary>
    public void Step() => StepWith(AdamWCase.Gradient(Weights));

    public void StepWith(double[] gradient)
    {
        foreach (var p in _parameters) p.Value.ZeroGrad();
        Put(_parameters.Select(p => _device.Tape.GradTarget(p.Value, out _)), gradient);
        _steps++;
        _optimizer.Update(_schedule.At(_steps), 1, _schedule.MomentumAt(_steps));
    }

    /// <summary>Takes weights and memory after a step.</summary>
    public void Load(JsonElement state)
    {
        Weights = AdamWCase.Numbers(state, "weights");
        _steps = state.GetProperty("step").GetInt64();
        ThroughFile(writer =>
        {
            writer.Integer("updates", _steps);
            foreach (var memory in state.GetProperty("memory").EnumerateObject())
            {
                Tensor[] tensors = [.. _parameters.Select(p => _device.Parameter(p.Value.Shape, requiresGrad: false, _type))];
                Put(tensors, [.. memory.Value.EnumerateArray().Select(v => v.GetDouble())]);
                for (int i = 0; i < tensors.Length; i++)
                    writer.Tensor($"{memory.Name}.{_parameters[i].Name}", _type, ModelFolder.Extents(tensors[i].Shape), tensors[i].Pointer);
            }
        });
    }

    /// <summary>Takes weights and memory from another of the same case.</summary>
    public void Take(ElementwiseCase other)
    {
        (Weights, _steps) = (other.Weights, other._steps);
        ThroughFile(other._optimizer.Save);
    }

    public void Dispose() => _device.Dispose();

    private void ThroughFile(Action<StateWriter> save)
    {
        using var folder = new TempFolder();
        var state = new StateWriter();
        save(state);
        new TrainerState(1, 0, 0, "", "").Write(folder.Path, state);
        using var read = TrainerState.Read(folder.Path).State;
        _optimizer.Load(read);
        read.Finish();
    }

    private double Get(Tensor tensor, int i) => _type == DType.Float64 ? ((double*)tensor.Pointer)[i] : tensor.Span[i];

    private void Put(IEnumerable<Tensor> tensors, double[] values)
    {
        int next = 0;
        foreach (var tensor in tensors)
            for (int i = 0; i < tensor.Count; i++)
            {
                if (_type == DType.Float64) ((double*)tensor.Pointer)[i] = values[next++];
                else tensor.Span[i] = (float)values[next++];
            }
    }
}
