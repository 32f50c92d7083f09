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
        dropout.IsOn(context) ? dropout.AddTo(residual, up.ForwardGelu(x, down, context, activation: activation), context)
            : up.ForwardGelu(x, down, context, residual, activation);
}

/// <summary>W₂ (f(W₁ x) ∘ W₃ x): SwiGLU and GEGLU (Shazeer, 2020), of Llama and its relatives.</summary>
/// <param name="gate">W₁, or both with W₃ after it.</param>
/// <param name="up">W₃; null where the gate's layer has it.</param>
/// <param name="down">W₂.</param>
/// <param name="function">f.</param>
/// <param name="branch">What happens after W₂.</param>
public sealed class GatedFeedForward(Linear gate, Linear? up, Linear down, GateFunction function, BranchDropout branch) : FeedForward
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor residual, in ForwardContext context)
    {
        Tensor g = gate.Forward(x, context), u = up is null ? default : up.Forward(x, context);
        return branch.AddTo(residual, down, function == GateFunction.Gelu ? Op.GeGlu(g, u) : Op.SwiGlu(g, u), context);
    }
}

/// <summary>What is taken of the gate in a gated feed-forward layer.</summary>
public enum GateFunction
{
    /// <summary>z·σ(z): SwiGLU.</summary>
    Silu,
    /// <summary>GELU by its tanh approximation: GEGLU.</summary>
    Gelu,
}
