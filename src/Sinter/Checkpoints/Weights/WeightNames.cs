using Sinter.Checkpoints.HuggingFace;
using Sinter.Models;

namespace Sinter.Checkpoints.Weights;

/// <summary>How names in files found in the wild relate to those of <see cref="ModelWeights"/>.</summary>
internal static class WeightNames
{
    /// <summary>Whether a tensor is no weight of the model: a constant that old versions stored, or the head of a model that uses the
    /// embedding.</summary>
    public static bool IsIgnored(ModelConfig config, string name) =>
        (config.TieEmbeddings && name == "lm_head.weight") || ModelFormats.Of(config).IsIgnored(config, name);
}
