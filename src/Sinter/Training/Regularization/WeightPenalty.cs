using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Regularization;

/// <summary>
/// Σ l1 · |w| + l2 ÷ 2 · w² as a term of the loss: adds l1 · sign(w) + l2 · w to the gradient, where sign(0) is 0. Value and gradient are made in one pass over the
/// weights that are trained.
/// </summary>
/// <remarks>
/// Three things are called weight decay or L2, and differ once the optimizer is more than plain gradient descent. (1) This L2 penalty is part of the gradient: it is
/// clipped with it, and an adaptive optimizer divides it by the root of the second moment, so weights with large gradients shrink less. (2) PyTorch's <c>weight_decay</c>
/// λ of SGD, Adam and Adagrad adds the same λw to the gradient, though after clipping, and the loss does not show it. (3) The decoupled decay of AdamW (Loshchilov and
/// Hutter, 2019) takes αλw from the weights themselves, past moments and clipping: all weights shrink by the same share. For gradient descent without momentum and
/// clipping the three are one. Here the factor is l2 ÷ 2, as in Goodfellow, Bengio and Courville (2016), equation 7.1, so that l2 is λ; Keras's is l2, twice as much.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="l1">The factor of |w|.</param>
/// <param name="l2">Twice the factor of w².</param>
public sealed class WeightPenalty(IReadOnlyList<Parameter> parameters, double l1, double l2) : IPenalty
{
    private readonly Tensor[] _weights = [.. parameters.Select(p => p.Value)];

    /// <inheritdoc/>
    public double Add() => GradientPasses.AddPenalty(_weights, l1, l2);
}
