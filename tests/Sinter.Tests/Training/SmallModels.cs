using Sinter.Models;

namespace Sinter.Tests.Training;

/// <summary>Models that train in milliseconds and have something of everything: odd extents, grouped heads, dropout.</summary>
internal static class SmallModels
{
    public static ModelOptions Of(string architecture, double dropout = 0) => new()
    {
        Architecture = architecture, NumLayers = 2, NumHeads = 4, NumKvHeads = architecture == "gpt2" ? null : 2, HiddenSize = 40,
        SlidingWindow = architecture is "mistral" or "gemma2" ? 5 : null, IntermediateSize = 72, ContextLength = 18, Dropout = dropout,
    };

    /// <summary>With everything that is dropped, each with a probability of its own.</summary>
    public static ModelOptions Dropping(string architecture)
    {
        var options = Of(architecture);
        (options.EmbeddingDropout, options.AttentionDropout, options.ResidualDropout, options.StochasticDepth) = (0.05, 0.2, 0.15, 0.5);
        return options;
    }
}
