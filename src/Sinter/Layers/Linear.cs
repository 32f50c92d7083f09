using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>y = x · W + b.</summary>
public sealed class Linear
{
    private readonly WeightLayout _layout;

    /// <summary>Adds <c>path.weight</c>, and <c>path.bias</c> where there is one.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="path">The layer's path.</param>
    /// <param name="inputs">Extent of x.</param>
    /// <param name="outputs">Extent of y.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="layout">How the files lay the weight out.</param>
    /// <param name="residualProjections">Where the layer ends a branch of the residual stream, how many such layers the model has; else 0.</param>
    /// <param name="fused">The outputs of each map, where several lie side by side; null is one.</param>
    public Linear(ParameterSet parameters, string path, int inputs, int outputs, bool bias, WeightLayout layout, int residualProjections = 0,
        IReadOnlyList<int>? fused = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _layout = layout;
        var shape = layout == WeightLayout.InputsByOutputs ? new Shape(inputs, outputs) : new Shape(outputs, inputs);
        Weight = parameters.Add(new ParameterSpec(path + ".weight", shape) { Layout = layout, ResidualProjections = residualProjections, Outputs = fused ?? [outputs] });
        if (bias) Bias = parameters.Add(new ParameterSpec(path + ".bias", new Shape(outputs), ParameterRole.Bias));
    }

    /// <summary>W.</summary>
    public Tensor Weight { get; }

    /// <summary>b, or none.</summary>
    public Tensor Bias { get; }

    /// <summary>x · W + b, then + residual where given.</summary>
    public Tensor Forward(Tensor x, Tensor residual = default) => Op.Linear(x, Weight, Bias, residual, _layout);

    /// <summary>down(f(this(x))), then + residual where given.</summary>
    /// <param name="x">The input.</param>
    /// <param name="down">The second layer, laid out as this one.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <param name="activation">f.</param>
    public Tensor ForwardGelu(Tensor x, Linear down, Tensor residual = default, Activation activation = Activation.GeluTanh)
    {
        ArgumentNullException.ThrowIfNull(down);
        if (down._layout != _layout) throw new ArgumentException($"The two layers are laid out as {_layout} and {down._layout}.");
        return Op.FeedForward(x, Weight, Bias, down.Weight, down.Bias, residual, _layout, activation);
    }
}
