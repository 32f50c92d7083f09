namespace Sinter.Models;

/// <summary>Phi-3 (Abdin et al., 2024, "Phi-3 technical report"): Llama with queries, keys and values in one projection, and gate and up in another.</summary>
public sealed class Phi3 : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "phi3";

    /// <inheritdoc/>
    public override bool HasOptionalBias => false;

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-5;

    /// <inheritdoc/>
    public override int? SlidingWindow => 0;

    /// <inheritdoc/>
    internal override LlamaTraits Traits { get; } = new() { IsFused = true };
}
