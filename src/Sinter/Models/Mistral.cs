namespace Sinter.Models;

/// <summary>Mistral (Jiang et al., 2023, "Mistral 7B"): Llama whose attention looks back over a window.</summary>
public sealed class Mistral : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "mistral";

    /// <inheritdoc/>
    public override bool HasOptionalBias => false;

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-5;

    /// <inheritdoc/>
    public override int? SlidingWindow => 4096;
}
