namespace Sinter.Models;

/// <summary>Qwen3 (Yang et al., 2025, "Qwen3 technical report"): Llama with a norm of each head's queries and keys.</summary>
public sealed class Qwen3 : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "qwen3";

    /// <inheritdoc/>
    public override int? SlidingWindow => 0;

    /// <inheritdoc/>
    internal override LlamaTraits Traits { get; } = new() { HasHeadNorms = true };
}
