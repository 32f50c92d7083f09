using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>Looks at the residual stream of a model on its way.</summary>
public interface IStreamObserver
{
    /// <summary>Called with the stream [B, T, C] after the embedding, then after the attention and after the feed-forward part of each
    /// block.</summary>
    /// <returns>The stream as it goes on: x itself, or x with something added to it.</returns>
    Tensor Observe(Tensor x);
}
