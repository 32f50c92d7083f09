using Sinter.Layers;

namespace Sinter.Models;

/// <summary>What an architecture's builder gives: the parts of a <see cref="Transformer"/>.</summary>
internal sealed record ModelParts
{
    /// <summary>Tokens to the residual stream.</summary>
    public required EmbeddingLayer Embedding { get; init; }

    /// <summary>The blocks.</summary>
    public required IReadOnlyList<IBlock> Blocks { get; init; }

    /// <summary>The norm after the last block, where there is one.</summary>
    public Norm? FinalNorm { get; init; }
}
