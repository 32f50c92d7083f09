using Sinter.Layers;

namespace Sinter.Models;

/// <summary>What sets a relative apart from Llama beside its <see cref="ModelConfig"/>.</summary>
internal sealed record LlamaTraits
{
    /// <summary>Whether queries, keys and values are one projection, and gate and up another.</summary>
    public bool IsFused { get; init; }

    /// <summary>Whether the attention's output has a bias where queries, keys and values have.</summary>
    public bool HasOutputBias { get; init; } = true;

    /// <summary>Whether the feed-forward layers have biases where the config has them.</summary>
    public bool HasFeedForwardBias { get; init; }

    /// <summary>Whether each head's queries and keys are normalized.</summary>
    public bool HasHeadNorms { get; init; }

    /// <summary>Whether branches have a norm after them too, and weights of norms are added to 1.</summary>
    public bool IsSandwiched { get; init; }

    /// <summary>Whether the embeddings are multiplied by √hidden.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>What is taken of the gate.</summary>
    public GateFunction Gate { get; init; }
}
