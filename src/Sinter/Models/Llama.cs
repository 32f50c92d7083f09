namespace Sinter.Models;

/// <summary>Llama (Touvron et al., 2023): the head of its family.</summary>
public sealed class Llama : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "llama";

    /// <inheritdoc/>
    internal override LlamaTraits Traits { get; } = new() { HasFeedForwardBias = true };
}
