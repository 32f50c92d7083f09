using Sinter.Layers.Adapters;
using Sinter.Layers.Initialization;
using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>A model's parameters, in the order of its files.</summary>
/// <param name="device">Where they live.</param>
/// <param name="seed">Decides the initial values; each parameter's depend on this and its name alone.</param>
/// <param name="initialization">How they begin; null is normal with 0.02 for matrices, zeros for biases and ones for the weights of norms.</param>
/// <param name="adapters">Which linear layers get an adapter; null is none. With a plan, what it does not train is frozen.</param>
public sealed class ParameterSet(Device device, ulong seed, ModelInitialization? initialization = null, IAdapterPlan? adapters = null)
{
    private readonly List<Parameter> _all = [];
    private readonly List<ParameterSpec> _specs = [];
    private readonly List<Linear> _layers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly ModelInitialization _initialization = initialization ?? new ModelInitialization(Initializer.Normal(0.02));

    /// <summary>The device.</summary>
    public Device Device { get; } = device;

    /// <summary>All parameters.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>What all parameters are, in the same order.</summary>
    public IReadOnlyList<ParameterSpec> Specs => _specs;

    /// <summary>Whether the parameters are listed only, and have no memory.</summary>
    public bool IsPlan { get; private init; }

    /// <summary>A set that lists parameters and makes none: to know what a model has before there is memory for it.</summary>
    public static ParameterSet Plan(Device device) => new(device, 0) { IsPlan = true };

    /// <summary>The linear layers.</summary>
    public IReadOnlyList<Linear> Layers => _layers;

    /// <summary>Adds a parameter and gives it its initial values.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="SinterException">The initializer has no meaning for the parameter.</exception>
    public Tensor Add(ParameterSpec spec) => Add(spec, _initialization.Of(spec));

    /// <summary>Adds a parameter that begins as told, whatever the model's initialization says.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Tensor Add(string name, Shape shape, Initializer initializer) => Add(new ParameterSpec(name, shape), initializer);

    /// <summary>Adds a parameter of an adapter, which is trained whatever else is.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Tensor AddAdapter(LinearAdapter adapter, string name, Shape shape, Initializer initializer) => Add(new ParameterSpec(name, shape), initializer, adapter);

    /// <summary>Refuses an adapter plan with a pattern that fits nothing.</summary>
    /// <exception cref="SinterException">There is one.</exception>
    public void CheckAdapters() => adapters?.Check([.. _layers.Select(l => l.Path)], [.. _all.Where(p => !p.IsAdapter).Select(p => p.Name)]);

    internal LinearAdapter? Attach(Linear layer)
    {
        _layers.Add(layer);
        return adapters?.Attach(layer, this);
    }

    private Tensor Add(ParameterSpec spec, Initializer initializer, LinearAdapter? adapter = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        if (!_names.Add(spec.Name)) throw new ArgumentException($"The model has two parameters named '{spec.Name}'.");
        _specs.Add(spec);
        if (IsPlan) return default;
        bool frozen = adapter is null && adapters?.Trains(spec.Name) == false;
        var value = _initialization == ModelInitialization.None ? Device.UnsetParameter(spec.Shape, !frozen) : Device.Parameter(spec.Shape, requiresGrad: !frozen);
        if (!Device.IsRehearsal) initializer.Fill(value, spec, seed);
        _all.Add(new Parameter(spec.Name, value) { Layout = spec.Layout, Outputs = spec.Outputs, Adapter = adapter, IsFrozen = frozen });
        return value;
    }
}
