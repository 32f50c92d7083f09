using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>The language-model head of encoders: norm(f(W x + b)), then the embedding table, or a matrix of its own, and a bias for each token.</summary>
/// <param name="transform">W and b.</param>
/// <param name="activation">f.</param>
/// <param name="norm">After f.</param>
/// <param name="decoder">[V, C].</param>
/// <param name="bias">[V].</param>
internal sealed class MaskedHead(Linear transform, Activation activation, Norm norm, Tensor decoder, Tensor bias)
{
    /// <summary>[V, C].</summary>
    public Tensor Decoder => decoder;

    /// <summary>The logits of hidden states [..., C], [..., V].</summary>
    public Tensor Logits(Tensor x, in ForwardContext context) => Op.Linear(Features(x, context), decoder, bias);

    /// <summary>The cross entropy of hidden states [N, C] and targets [N].</summary>
    public CrossEntropyResult Loss(Tensor x, Tensor targets, in CrossEntropyOptions options, in ForwardContext context) =>
        Op.LinearCrossEntropy(Features(x, context), decoder, targets, options, bias);

    private Tensor Features(Tensor x, in ForwardContext context) => norm.Forward(Op.Activate(transform.Forward(x, context), activation));
}
