using System.Text.Json;
using Sinter.Models;

namespace Sinter.Checkpoints;

/// <summary>The keys of a llama <c>config.json</c>.</summary>
internal sealed class LlamaFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "llama";

    /// <inheritdoc/>
    public string Prefix => "model.";

    /// <summary>Reads the configuration; defaults are those of <c>LlamaConfig</c>.</summary>
    public ModelConfig Read(JsonFields fields)
    {
        RefuseUnusual(fields);
        int hidden = fields.Count("hidden_size", most: ConfigLimits.Size), heads = fields.Count("num_attention_heads", most: ConfigLimits.Size);
        int keyHeads = fields.Count("num_key_value_heads", missing: heads, most: heads);
        int vocabulary = fields.Count("vocab_size", most: ConfigLimits.Size);
        if (heads % keyHeads != 0)
            throw fields.Wrong("num_key_value_heads", $"{keyHeads} does not divide num_attention_heads = {heads}.");
        // In older files "dropout" stands for both.
        var own = fields.Object("sinter");
        double all = own?.Probability("dropout", 0) ?? 0;
        bool attentionBias = fields.Flag("attention_bias", false), feedForwardBias = fields.Flag("mlp_bias", false);
        return new ModelConfig
        {
            Architecture = "llama",
            VocabSize = vocabulary,
            NumLayers = fields.Count("num_hidden_layers", most: ConfigLimits.Layers),
            NumHeads = heads,
            NumKvHeads = keyHeads,
            HiddenSize = hidden,
            HeadSize = HeadSize(fields, hidden, heads),
            IntermediateSize = fields.Count("intermediate_size", most: ConfigLimits.Size),
            ContextLength = fields.Count("max_position_embeddings", missing: 2048, most: ConfigLimits.Size),
            AttentionDropout = fields.Probability("attention_dropout", 0),
            EmbeddingDropout = own?.Probability("embedding_dropout", all) ?? 0,
            ResidualDropout = own?.Probability("residual_dropout", all) ?? 0,
            StochasticDepth = own?.Probability("stochastic_depth", 0) ?? 0,
            Bias = attentionBias,
            MlpBias = feedForwardBias == attentionBias ? null : feedForwardBias,
            TieEmbeddings = fields.Flag("tie_word_embeddings", false),
            NormEpsilon = fields.NotNegative("rms_norm_eps", 1e-6),
            RopeTheta = RopeFormat.Theta(fields),
            InitializerRange = fields.NotNegative("initializer_range", 0.02),
            BosTokenId = fields.TokenId("bos_token_id", vocabulary),
            EosTokenId = fields.TokenId("eos_token_id", vocabulary),
        };
    }

    /// <inheritdoc/>
    public void Write(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteString("model_type", "llama");
        HeadFormat.WriteName(json, config, "Llama", "ForCausalLM");
        json.WriteNumber("num_hidden_layers", config.NumLayers);
        json.WriteNumber("num_attention_heads", config.NumHeads);
        json.WriteNumber("num_key_value_heads", config.NumKvHeads);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("head_dim", config.HeadSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteString("hidden_act", "silu");
        json.WriteFloat("rms_norm_eps", config.NormEpsilon);
        json.WriteBoolean("attention_bias", config.Bias);
        json.WriteBoolean("mlp_bias", config.MlpBias ?? config.Bias);
        json.WriteFloat("attention_dropout", config.AttentionDropout);
        RopeFormat.Write(json, config.RopeTheta);
        if (config is { EmbeddingDropout: 0, ResidualDropout: 0, StochasticDepth: 0 }) return;
        json.WriteStartObject("sinter");
        json.WriteFloat("embedding_dropout", config.EmbeddingDropout);
        json.WriteFloat("residual_dropout", config.ResidualDropout);
        json.WriteFloat("stochastic_depth", config.StochasticDepth);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public bool IsIgnored(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private static int HeadSize(JsonFields fields, int hidden, int heads)
    {
        if (!fields.Has("head_dim") && hidden % heads != 0)
            throw fields.Wrong("num_attention_heads", $"{heads} heads do not divide hidden_size = {hidden}, and there is no head_dim.");
        int size = fields.Count("head_dim", missing: hidden / heads, most: ConfigLimits.Size);
        if (size % 2 != 0)
            throw fields.Wrong("head_dim", $"rotary positions turn pairs of elements, and a head of {size} has none for its last.");
        return size;
    }

    private static void RefuseUnusual(JsonFields fields)
    {
        string activation = fields.Text("hidden_act", "silu");
        if (activation is not ("silu" or "swish"))
            throw fields.Wrong("hidden_act", $"{Quoted.Name(activation)} is not supported; silu is.");
    }
}
