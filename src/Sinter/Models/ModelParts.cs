using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>What an architecture's builder gives.</summary>
internal sealed record ModelParts
{
    /// <summary>[V, C]</summary>
    public required Tensor Embedding { get; init; }
    /// <summary>Learned positions, [context, C], or none.</summary>
    public Tensor Positions { get; init; }
    public Dropout? EmbeddingDropout { get; init; }
    public required IReadOnlyList<TransformerBlock> Blocks { get; init; }
    public required Norm FinalNorm { get; init; }
    /// <summary>[V, C], or none where the embedding serves.</summary>
    public Tensor Head { get; init; }
}
