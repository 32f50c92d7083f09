namespace Sinter.Models;

/// <summary>Qwen2 (Yang et al., 2024, "Qwen2 technical report"): Llama with biases of queries, keys and values.</summary>
public sealed class Qwen2 : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "qwen2";

    /// <inheritdoc/>
    public override bool Bias => true;

    /// <inheritdoc/>
    public override bool HasOptionalBias => false;

    /// <inheritdoc/>
    public override int? SlidingWindow => 0;

    /// <inheritdoc/>
    internal override LlamaTraits Traits { get; } = new() { HasOutputBias = false };
}
