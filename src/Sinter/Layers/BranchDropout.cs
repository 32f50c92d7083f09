using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>
/// What happens to a branch before it joins the residual stream: a norm where there is one, and while training what is dropped, elements
/// (<see cref="Dropout"/>) and for some sequences the whole branch (<see cref="Op.StochasticDepth"/>).
/// </summary>
/// <param name="path">The place.</param>
/// <param name="dropout">Probability of dropping an element, in [0, 1).</param>
/// <param name="stochasticDepth">Probability of dropping the branch for a sequence, in [0, 1).</param>
/// <param name="norm">Of the branch's result, or null.</param>
public sealed class BranchDropout(string path, double dropout, double stochasticDepth = 0, Norm? norm = null)
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

    /// <summary>Whether anything is done to the branch now.</summary>
    public bool IsOn(in ForwardContext context) => norm is not null || _elements.IsOn(context) || (context.Training && _stochasticDepth > 0);

    /// <summary>residual + layer(x), with the residual added inside the layer where nothing is done to the branch.</summary>
    public Tensor AddTo(Tensor residual, Linear layer, Tensor x, in ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return IsOn(context) ? AddTo(residual, layer.Forward(x, context), context) : layer.Forward(x, context, residual);
    }

    /// <summary>residual + x, less what is dropped of x.</summary>
    public Tensor AddTo(Tensor residual, Tensor x, in ForwardContext context)
    {
        if (norm is not null) x = norm.Forward(x, DType.Float32);
        return context.Training && _stochasticDepth > 0
            ? Op.StochasticDepth(_elements.Forward(x, context), _stochasticDepth, context.Key(_site), residual)
            : _elements.AddTo(residual, x, context);
    }
}
