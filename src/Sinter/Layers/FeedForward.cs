using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>The position-wise part of a block. The residual is added to the result.</summary>
public abstract class FeedForward
{
    /// <summary>residual + f(x).</summary>
    public abstract Tensor Forward(Tensor x, Tensor residual, in ForwardContext context);
}

/// <summary>W₂ f(W₁ x): of GPT-2 and of encoders.</summary>
/// <param name="up">W₁.</param>
/// <param name="down">W₂.</param>
/// <param name="dropout">After W₂.</param>
/// <param name="activation">f.</param>
public sealed class GeluFeedForward(Linear up, Linear down, BranchDropout dropout, Activation activation = Activation.GeluTanh) : FeedForward
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor residual, in ForwardContext context) =>
        dropout.IsOn(context) ? dropout.AddTo(residual, up.ForwardGelu(x, down, activation: activation), context)
            : up.ForwardGelu(x, down, residual, activation);
}

/// <summary>W₂ (silu(W₁ x) ∘ W₃ x): SwiGLU (Shazeer, 2020), Llama's.</summary>
/// <param name="gate">W₁.</param>
/// <param name="up">W₃.</param>
/// <param name="down">W₂.</param>
/// <param name="dropout">After W₂.</param>
public sealed class SwiGluFeedForward(Linear gate, Linear up, Linear down, BranchDropout dropout) : FeedForward
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor residual, in ForwardContext context) =>
        dropout.AddTo(residual, down, Op.SwiGlu(gate.Forward(x), up.Forward(x)), context);
}
