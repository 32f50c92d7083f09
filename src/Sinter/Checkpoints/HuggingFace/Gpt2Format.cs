using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a gpt2 <c>config.json</c>.</summary>
internal sealed class Gpt2Format : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "gpt2";

    /// <inheritdoc/>
    public string Prefix => "transformer.";

    /// <summary>Reads the configuration; defaults are those of <c>GPT2Config</c>.</summary>
    public ModelConfig Read(JsonFields fields)
    {
        RefuseUnusual(fields);
        int hidden = fields.Count("n_embd", most: ConfigLimits.Size), heads = fields.Count("n_head", most: ConfigLimits.Size);
        int vocabulary = fields.Count("vocab_size", most: ConfigLimits.Size);
        if (hidden % heads != 0)
            throw fields.Wrong("n_head", $"{heads} heads do not divide the width n_embd = {hidden}.");
        int inner = fields.Count("n_inner", missing: (int)Math.Min(4L * hidden, int.MaxValue), most: int.MaxValue);
        return new ModelConfig
        {
            Architecture = "gpt2",
            VocabSize = vocabulary,
            NumLayers = fields.Count("n_layer", most: ConfigLimits.Layers),
            NumHeads = heads,
            NumKvHeads = heads,
            HiddenSize = hidden,
            HeadSize = hidden / heads,
            IntermediateSize = inner,
            Activation = ActivationFormat.Read(fields, "activation_function", "gelu_new"),
            ContextLength = fields.Count("n_positions", most: ConfigLimits.Size),
            EmbeddingDropout = fields.Probability("embd_pdrop", 0.1),
            AttentionDropout = fields.Probability("attn_pdrop", 0.1),
            ResidualDropout = fields.Probability("resid_pdrop", 0.1),
            StochasticDepth = fields.Object("sinter")?.Probability("stochastic_depth", 0) ?? 0,
            Bias = fields.Object("sinter")?.Flag("bias", true) ?? true,
            TieEmbeddings = fields.Flag("tie_word_embeddings", true),
            NormEpsilon = fields.NotNegative("layer_norm_epsilon", 1e-5),
            InitializerRange = fields.NotNegative("initializer_range", 0.02),
            BosTokenId = fields.TokenId("bos_token_id", vocabulary),
            EosTokenId = fields.TokenId("eos_token_id", vocabulary),
        };
    }

    /// <inheritdoc/>
    public void Write(string path, Utf8JsonWriter json, ModelConfig config)
    {
        if (config.NumKvHeads != config.NumHeads || config.HeadSize * config.NumHeads != config.HiddenSize)
            throw new CheckpointException($"{path}: gpt2 has as many key and value heads as query heads, and heads of n_embd ÷ n_head: "
                + "this model has "
                + $"{config.NumHeads} heads, {config.NumKvHeads} of keys and values, of width {config.HeadSize}, and is {config.HiddenSize} wide.");
        json.WriteString("model_type", "gpt2");
        HeadFormat.WriteName(json, config, "GPT2", "LMHeadModel");
        json.WriteNumber("n_layer", config.NumLayers);
        json.WriteNumber("n_head", config.NumHeads);
        json.WriteNumber("n_embd", config.HiddenSize);
        json.WriteNumber("n_inner", config.IntermediateSize);
        json.WriteNumber("n_positions", config.ContextLength);
        json.WriteNumber("n_ctx", config.ContextLength);
        json.WriteString("activation_function", ActivationFormat.Name(config.Activation));
        json.WriteFloat("layer_norm_epsilon", config.NormEpsilon);
        json.WriteFloat("embd_pdrop", config.EmbeddingDropout);
        json.WriteFloat("attn_pdrop", config.AttentionDropout);
        json.WriteFloat("resid_pdrop", config.ResidualDropout);
        if (config is { Bias: true, StochasticDepth: 0 }) return;
        json.WriteStartObject("sinter");
        if (!config.Bias) json.WriteBoolean("bias", false);
        if (config.StochasticDepth != 0) json.WriteFloat("stochastic_depth", config.StochasticDepth);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public bool IsIgnored(string name) => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    /// <inheritdoc/>
    public ModelConfig InFile(ModelConfig config) => config with { Bias = true };

    private static void RefuseUnusual(JsonFields fields)
    {
        if (!fields.Flag("scale_attn_weights", true))
            throw fields.Wrong("scale_attn_weights", "attention without its scale is not supported; true was expected.");
        if (fields.Flag("scale_attn_by_inverse_layer_idx", false))
            throw fields.Wrong("scale_attn_by_inverse_layer_idx", "a scale that depends on the layer is not supported; false was expected.");
    }
}
