using Sinter.Layers;

namespace Sinter.Models;

/// <summary>Gemma 2 (Gemma Team, 2024, "Gemma 2: improving open language models at a practical size"): a norm before and after each part, GEGLU, soft caps, and
/// a window in every second layer.</summary>
public sealed class Gemma2 : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "gemma2";

    /// <inheritdoc/>
    public override bool TieEmbeddings => true;

    /// <inheritdoc/>
    public override int? SlidingWindow => 4096;

    /// <inheritdoc/>
    internal override LlamaTraits Traits { get; } = new() { IsSandwiched = true, ScalesEmbedding = true, Gate = GateFunction.Gelu };

    /// <inheritdoc/>
    public override ModelConfig Configure(ModelConfig shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        return shared with { WindowLayers = EverySecond(shared.NumLayers), AttentionSoftCap = 50, LogitSoftCap = 30, QueryScalar = shared.HeadSize };
    }

    /// <summary>The first of each two layers.</summary>
    internal static ValueList<bool> EverySecond(int layers) => new(Enumerable.Range(0, layers).Select(i => i % 2 == 0));
}
