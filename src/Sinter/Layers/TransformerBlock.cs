using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>x + attention(norm(x)), then x + feed-forward(norm(x)): the pre-norm block.</summary>
/// <param name="attentionNorm">Before the attention.</param>
/// <param name="attention">The attention.</param>
/// <param name="feedForwardNorm">Before the feed-forward layer.</param>
/// <param name="feedForward">The feed-forward layer.</param>
public sealed class TransformerBlock(Norm attentionNorm, SelfAttention attention, Norm feedForwardNorm, FeedForward feedForward) : IBlock
{
    /// <inheritdoc/>
    public Tensor Forward(Tensor x, in ForwardContext context)
    {
        var normalized = attentionNorm.Forward(x);
        x = context.Observed(attention.Forward(normalized, x, context));
        x.Device.Tape.Drop(normalized);
        normalized = feedForwardNorm.Forward(x);
        var y = context.Observed(feedForward.Forward(normalized, x, context));
        y.Device.Tape.Drop(normalized);
        return y;
    }
}
