namespace Sinter.Checkpoints.HuggingFace;

/// <summary>Bounds on what a configuration may claim, far above any model, so that a damaged one is refused before memory is asked for.</summary>
internal static class ConfigLimits
{
    /// <summary>Transformer blocks.</summary>
    public const int Layers = 10_000;

    /// <summary>Widths, heads, positions and vocabulary.</summary>
    public const int Size = 1 << 28;
}
