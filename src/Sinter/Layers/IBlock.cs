using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>A block of a Transformer.</summary>
public interface IBlock
{
    /// <summary>[B, T, C] to [B, T, C].</summary>
    Tensor Forward(Tensor x, in ForwardContext context);
}
