namespace Sinter.Models;

/// <summary>The shape of a model to train from scratch.</summary>
public sealed class ModelOptions
{
    /// <summary><c>gpt2</c> or <c>llama</c>.</summary>
    public string Architecture { get; set; } = "gpt2";

    /// <summary>The number of Transformer blocks.</summary>
    public int NumLayers { get; set; } = 4;

    /// <summary>The number of query heads.</summary>
    public int NumHeads { get; set; } = 4;

    /// <summary>The number of key and value heads (llama); null is as many as query heads.</summary>
    public int? NumKvHeads { get; set; }

    /// <summary>The width of the residual stream.</summary>
    public int HiddenSize { get; set; } = 128;

    /// <summary>The width of the feed-forward layer; null is 4 × hidden (gpt2) or 8/3 × hidden rounded up to a multiple of 32 (llama).</summary>
    public int? IntermediateSize { get; set; }

    /// <summary>The longest sequence, in tokens.</summary>
    public int ContextLength { get; set; } = 64;

    /// <summary>The probability of dropping an element of embeddings, attention and residuals, in [0, 1).</summary>
    public double Dropout { get; set; }

    /// <summary>Whether linear and norm layers have biases; null is the architecture's habit (gpt2 yes, llama no).</summary>
    public bool? Bias { get; set; }

    /// <summary>Whether the output head shares the token embedding; null is the architecture's habit (gpt2 yes, llama no).</summary>
    public bool? TieEmbeddings { get; set; }
}
