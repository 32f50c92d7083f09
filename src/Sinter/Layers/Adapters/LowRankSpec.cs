namespace Sinter.Layers.Adapters;

/// <summary>The numbers of a <see cref="LowRankAdapter"/>.</summary>
/// <param name="Rank">Rows of A: r.</param>
/// <param name="Alpha">α, from which the scale follows.</param>
public sealed record LowRankSpec(int Rank, double Alpha)
{
    /// <summary>Whether the scale is α ÷ √r (Kalajdzievski, "rsLoRA", 2023) in place of α ÷ r, so that the spread of the change does not shrink as r
    /// grows.</summary>
    public bool IsRankStabilized { get; init; }

    /// <summary>Whether the length of what leads to each output is trained apart from its direction (Liu et al., "DoRA", 2024).</summary>
    public bool HasMagnitude { get; init; }

    /// <summary>Probability of dropping an element of what A reads.</summary>
    public double Dropout { get; init; }

    /// <summary>The factor of B · A.</summary>
    public double Scale => IsRankStabilized ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;
}
