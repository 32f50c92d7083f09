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

    /// <summary>x with elements dropped while training, + residual.</summary>
    public Tensor AddTo(Tensor residual, Tensor x, in ForwardContext context) =>
        IsOn(context) ? Op.Dropout(x, _probability, context.Key(_site), residual) : Op.Add(residual, x);

    /// <summary>Whether elements are dropped now.</summary>
    public bool IsOn(in ForwardContext context) => context.Training && _probability > 0;
}
