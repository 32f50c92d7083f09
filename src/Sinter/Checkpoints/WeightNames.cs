using Sinter.Models;

namespace Sinter.Checkpoints;

/// <summary>How names in files found in the wild relate to those of <see cref="ModelWeights"/>.</summary>
internal static class WeightNames
{
    /// <summary>The prefix that files of a bare base model lack (as the first gpt2 on the Hub does).</summary>
    public static string Prefix(ModelConfig config) => config.Architecture == "gpt2" ? "transformer." : "model.";

    /// <summary>Whether a tensor is no weight of the model: a constant that old versions stored, or the head of a model that uses the
    /// embedding.</summary>
    public static bool IsIgnored(ModelConfig config, string name) =>
        (config.TieEmbeddings && name == "lm_head.weight")
        || (config.Architecture == "gpt2"
            ? name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
            : name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
}
