using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>A model's parameters, in the order of its files.</summary>
/// <param name="device">Where they live.</param>
/// <param name="seed">Decides the initial values; each parameter's depend on this and its name alone.</param>
public sealed class ParameterSet(Device device, ulong seed)
{
    private readonly List<Parameter> _all = [];

    /// <summary>The device.</summary>
    public Device Device { get; } = device;

    /// <summary>All parameters.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>Adds a parameter and gives it its initial values.</summary>
    /// <param name="name">The name in the model's files.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">How it begins.</param>
    /// <param name="layout">How a matrix lies.</param>
    /// <param name="outputs">For the weight of a linear layer, the outputs of each map in it.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Tensor Add(string name, Shape shape, Initializer initializer, WeightLayout layout = WeightLayout.OutputsByInputs,
        IReadOnlyList<int>? outputs = null)
    {
        if (_all.Exists(p => p.Name == name)) throw new ArgumentException($"The model has two parameters named '{name}'.");
        var value = Device.Parameter(shape);
        initializer.Fill(value.Span, seed, name);
        _all.Add(new Parameter(name, value) { Layout = layout, Outputs = outputs });
        return value;
    }
}
