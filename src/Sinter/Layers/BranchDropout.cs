using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>
/// What is dropped of a branch before it joins the residual stream, while training: elements (<see cref="Dropout"/>), and for some sequences the
/// whole
/// branch (<see cref="Op.StochasticDepth"/>).
/// </summary>
/// <param name="path">The place.</param>
/// <param name="dropout">Probability of dropping an element, in [0, 1).</param>
/// <param name="stochasticDepth">Probability of dropping the branch for a sequence, in [0, 1).</param>
public sealed class BranchDropout(string path, double dropout, double stochasticDepth = 0)
{
    private readonly Dropout _elements = new(path, dropout);
    private readonly uint _site = StableHash.Of(path + ".stochastic_depth");
    private readonly float _stochasticDepth = (float)stochasticDepth;

    /// <summary>
    /// The probability for a block by the linear rule of Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth" (2016),
    /// equation 4: block l of L, counted from 1, has l ÷ L of the last one's.
    /// </summary>
    /// <param name="last">The last block's.</param>
    /// <param name="index">The block, from 0.</param>
    /// <param name="blocks">Blocks of the model.</param>
    public static double DepthProbability(double last, int index, int blocks) => last * (index + 1) / blocks;

    /// <summary>Whether anything is dropped now.</summary>
    public bool IsOn(in ForwardContext context) => _elements.IsOn(context) || (context.Training && _stochasticDepth > 0);

    /// <summary>residual + layer(x), with the residual added inside the layer where nothing is dropped.</summary>
    public Tensor AddTo(Tensor residual, Linear layer, Tensor x, in ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return IsOn(context) ? AddTo(residual, layer.Forward(x, context), context) : layer.Forward(x, context, residual);
    }

    /// <summary>residual + x, less what is dropped of x.</summary>
    public Tensor AddTo(Tensor residual, Tensor x, in ForwardContext context) => context.Training && _stochasticDepth > 0
        ? Op.StochasticDepth(_elements.Forward(x, context), _stochasticDepth, context.Key(_site), residual)
        : _elements.AddTo(residual, x, context);
}
