namespace Sinter.Tensors.Ops;

/// <summary>
/// The heads of one role (query, key or value) inside a projection: columns [Column, Column + heads · D) of each row of a [B, T, W] tensor.
/// </summary>
/// <param name="Tensor">The projection, [B, T, W]; one projection may hold all three roles.</param>
/// <param name="Column">The first column of the role.</param>
public readonly record struct HeadColumns(Tensor Tensor, long Column = 0);

/// <summary>The shape and the mask of an attention.</summary>
public readonly record struct AttentionOptions()
{
    /// <summary>Query heads.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Key and value heads; each serves <see cref="NumHeads"/> ÷ this many query heads in a row.</summary>
    public required int NumKvHeads { get; init; }

    /// <summary>Numbers in a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Factor of the scores; 0 is 1/√<see cref="HeadSize"/>.</summary>
    public float Scale { get; init; }

    /// <summary>
    /// Whether a query sees no later key. The last query stands at the last key, so with a cache of earlier keys the mask is shifted.
    /// </summary>
    public bool Causal { get; init; } = true;

    /// <summary>How many keys a query sees at most, its own included, counted back from its position; 0 is all.</summary>
    public int Window { get; init; }

    /// <summary>Scores become cap · tanh(score ÷ cap); 0 is none.</summary>
    public float SoftCap { get; init; }

    /// <summary>Keys of each sequence that hold values, where the tensors are a cache with more room; 0 is all.</summary>
    public long KeyLength { get; init; }

    /// <summary>The probability of dropping an attention weight, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>What the dropout mask is a function of.</summary>
    public DropoutKey DropoutKey { get; init; }
}
