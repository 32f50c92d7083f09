using Sinter.Layers.Adapters;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>y = x · W + b, and what an adapter changes of it.</summary>
public sealed class Linear
{
    /// <summary>Adds <c>path.weight</c>, <c>path.bias</c> where there is one, and the adapter's parameters where the model has one for this layer.</summary>
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
        (Path, Inputs, Outputs, Layout) = (path, inputs, outputs, layout);
        var shape = layout == WeightLayout.InputsByOutputs ? new Shape(inputs, outputs) : new Shape(outputs, inputs);
        Weight = parameters.Add(new ParameterSpec(path + ".weight", shape) { Layout = layout, ResidualProjections = residualProjections, Outputs = fused ?? [outputs] });
        if (bias) Bias = parameters.Add(new ParameterSpec(path + ".bias", new Shape(outputs), ParameterRole.Bias));
        Adapter = parameters.Attach(this);
    }

    /// <summary>The layer's path in the model: <c>transformer.h.0.attn.c_attn</c>.</summary>
    public string Path { get; }

    /// <summary>Extent of x.</summary>
    public int Inputs { get; }

    /// <summary>Extent of y.</summary>
    public int Outputs { get; }

    /// <summary>How the weight lies.</summary>
    public WeightLayout Layout { get; }

    /// <summary>W.</summary>
    public Tensor Weight { get; }

    /// <summary>b, or none.</summary>
    public Tensor Bias { get; }

    /// <summary>What changes the layer, or null.</summary>
    public LinearAdapter? Adapter { get; }

    /// <summary>x · W + b with the adapter's change, then + residual where given.</summary>
    /// <param name="x">The input.</param>
    /// <param name="context">Training or not, step and sample.</param>
    /// <param name="residual">Added to the result, or none.</param>
    /// <param name="type">The type that suffices for the result: see <see cref="Device.OperandType"/>.</param>
    public Tensor Forward(Tensor x, in ForwardContext context, Tensor residual = default, DType type = DType.Float32) => Adapter is { IsMerged: false } adapter
        ? adapter.Forward(x, context, residual) : Op.Linear(x, Weight, Bias, residual, Layout, type);

    /// <summary>down(f(this(x))), then + residual where given.</summary>
    /// <param name="down">The second layer, laid out as this one.</param>
    /// <param name="x">The input.</param>
    /// <param name="activation">f.</param>
    /// <param name="context">Training or not, step and sample.</param>
    /// <param name="residual">Added to the result, or none.</param>
    public Tensor ForwardTo(Linear down, Tensor x, Activation activation, in ForwardContext context, Tensor residual = default)
    {
        ArgumentNullException.ThrowIfNull(down);
        if (down.Layout != Layout) throw new ArgumentException($"The two layers are laid out as {Layout} and {down.Layout}.");
        if (Adapter is { IsMerged: false } || down.Adapter is { IsMerged: false })
            return down.Forward(Op.Activate(Forward(x, context), activation), context, residual);
        return Op.FeedForward(x, Weight, Bias, down.Weight, down.Bias, residual, Layout, activation);
    }
}
