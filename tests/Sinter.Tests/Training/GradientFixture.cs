using System.Text.Json;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tests.Recipes;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Training;

/// <summary>The weights and gradients of gradients.json, as a model would have them, and what PyTorch makes of them.</summary>
internal sealed class GradientFixture : IDisposable
{
    private static readonly (string Name, Shape Shape)[] s_shapes =
        [("inputs_by_outputs", new Shape(5, 19)), ("outputs_by_inputs", new Shape(19, 5)), ("head", new Shape(7, 6)), ("bias", new Shape(19)), ("one", new Shape(1))];

    private readonly CpuDevice _device = new(2);
    private readonly JsonDocument _file = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Sinter.Tests", "Training", "gradients.json")));

    public GradientFixture()
    {
        Parameters = [.. s_shapes.Select(s => new Parameter(s.Name, _device.Parameter(s.Shape))
        {
            Layout = s.Name == "inputs_by_outputs" ? WeightLayout.InputsByOutputs : WeightLayout.OutputsByInputs, IsHead = s.Name == "head",
        })];
        Gradients = new GradientSet(Parameters);
        Reset();
    }

    public IReadOnlyList<Parameter> Parameters { get; }
    public GradientSet Gradients { get; }
    public JsonElement Json => _file.RootElement;

    public void Reset()
    {
        foreach (var p in Parameters)
        {
            Fill(p.Value.Span, Numbers(Json.GetProperty("weights"), p.Name));
            p.Value.ZeroGrad();
            Fill(_device.Tape.GradTarget(p.Value, out _).Span, Numbers(Json.GetProperty("gradients"), p.Name));
        }
    }

    public static double[] Numbers(JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    /// <summary>The gradients, with the factor that the optimizer would multiply in, are those of the file.</summary>
    public void AssertGradients(JsonElement want, double scale, double tolerance)
    {
        foreach (var p in Parameters)
            Models.Closeness.Close(Numbers(want, p.Name), [.. p.Value.Grad.ToArray().Select(g => (float)(g * scale))], tolerance, p.Name, floor: 0);
    }

    public double Norm() => Math.Sqrt(Parameters.Sum(p => p.Value.Grad.ToArray().Sum(g => (double)g * g)));

    public void Dispose()
    {
        _file.Dispose();
        _device.Dispose();
    }

    private static void Fill(Span<float> to, double[] values)
    {
        for (int i = 0; i < to.Length; i++) to[i] = (float)values[i];
    }
}
