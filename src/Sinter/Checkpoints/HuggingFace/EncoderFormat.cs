using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>What the formats of encoders have in common.</summary>
internal static class EncoderFormat
{
    /// <summary>Refuses a model with heads that no file of an encoder can describe.</summary>
    /// <exception cref="CheckpointException">It has such heads, or no biases.</exception>
    public static void RequireWhole(string path, ModelConfig config)
    {
        if (config.NumKvHeads != config.NumHeads || config.HeadSize * config.NumHeads != config.HiddenSize || !config.Bias)
            throw new CheckpointException($"{path}: {config.Architecture} has biases, as many key and value heads as query heads, and heads of hidden size ÷ heads: this "
                + $"model has {config.NumHeads} heads, {config.NumKvHeads} of keys and values, of width {config.HeadSize}, and is {config.HiddenSize} wide.");
    }

    /// <summary>Writes what transformers has no key for.</summary>
    public static void WriteOwn(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.StochasticDepth == 0 && config.EmbeddingDropout == config.ResidualDropout) return;
        json.WriteStartObject("sinter");
        json.WriteFloat("embedding_dropout", config.EmbeddingDropout);
        json.WriteFloat("stochastic_depth", config.StochasticDepth);
        json.WriteEndObject();
    }

    /// <summary>The name of today; files made from TensorFlow's call a norm's weight gamma and its bias beta.</summary>
    public static string Canonical(string name) =>
        name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? name[..^"gamma".Length] + "weight"
        : name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias" : name;
}
