using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>x + attention(norm(x)), then x + feed-forward(norm(x)): the pre-norm block.</summary>
/// <param name="attentionNorm">Before the attention.</param>
/// <param name="attention">The attention.</param>
/// <param name="feedForwardNorm">Before the feed-forward layer.</param>
/// <param name="feedForward">The feed-forward layer.</param>
public sealed class TransformerBlock(Norm attentionNorm, SelfAttention attention, Norm feedForwardNorm, FeedForward feedForward)
{
    /// <summary>[B, T, C] to [B, T, C].</summary>
    public Tensor Forward(Tensor x, in ForwardContext context)
    {
        x = context.Observed(attention.Forward(attentionNorm.Forward(x), x, context));
        return context.Observed(feedForward.Forward(feedForwardNorm.Forward(x), x, context));
    }
}
