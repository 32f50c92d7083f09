using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>Dropout at one place of the model; the mask is a function of the run's seed, the step, this place and the sample.</summary>
/// <param name="path">The place.</param>
/// <param name="probability">Of dropping an element, in [0, 1).</param>
public sealed class Dropout(string path, double probability)
{
    private readonly uint _site = StableHash.Of(path);
    private readonly float _probability = (float)probability;

    /// <summary>x with elements dropped while training.</summary>
    public Tensor Forward(Tensor x, in ForwardContext context) => IsOn(context) ? Op.Dropout(x, _probability, context.Key(_site)) : x;

    /// <summary>residual + dropout(layer(x)), with the residual added inside the layer where nothing is dropped.</summary>
    public Tensor AddTo(Tensor residual, Linear layer, Tensor x, in ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return IsOn(context) ? AddTo(residual, layer.Forward(x), context) : layer.Forward(x, residual);
    }

    /// <summary>residual + dropout(x), where elements are dropped at all.</summary>
    public Tensor AddTo(Tensor residual, Tensor x, in ForwardContext context) => Op.Dropout(x, _probability, context.Key(_site), residual);

    /// <summary>Whether elements are dropped now.</summary>
    public bool IsOn(in ForwardContext context) => context.Training && _probability > 0;
}
