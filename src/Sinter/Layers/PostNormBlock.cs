using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>norm(x + attention(x)), then norm(x + feed-forward(x)): the block of the first Transformer (Vaswani et al., 2017) and of BERT.</summary>
/// <param name="attention">The attention.</param>
/// <param name="attentionNorm">After it.</param>
/// <param name="feedForward">The feed-forward layer.</param>
/// <param name="feedForwardNorm">After it.</param>
public sealed class PostNormBlock(SelfAttention attention, Norm attentionNorm, FeedForward feedForward, Norm feedForwardNorm) : IBlock
{
    /// <inheritdoc/>
    public Tensor Forward(Tensor x, in ForwardContext context)
    {
        x = context.Observed(attentionNorm.Forward(attention.Forward(x, x, context), DType.Float32));
        return context.Observed(feedForwardNorm.Forward(feedForward.Forward(x, x, context), DType.Float32));
    }
}
