using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>A model whose head says something of each token, or of each text.</summary>
public interface ILogitsModel : ITrainedModel
{
    /// <summary>Logits: [B, T, V] of every position, or [B, K] of every row.</summary>
    /// <param name="batch">Tokens and segments; targets may be none, or say which position stands for the text.</param>
    /// <param name="context">Training or not, step and sample.</param>
    Tensor Logits(in SequenceBatch batch, in ForwardContext context);
}
