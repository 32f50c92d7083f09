using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a llama <c>config.json</c>, which its relatives have too; what differs they override.</summary>
internal class LlamaFormat : IModelFormat
{
    /// <inheritdoc/>
    public virtual string Name => "llama";

    /// <inheritdoc/>
    public string Prefix => "model.";

    /// <summary>The model's class in transformers.</summary>
    protected virtual string Family => "Llama";

    /// <summary>The key of the activation, and the names of the one there is: the first is written.</summary>
    protected virtual (string Key, string[] Names) Activation => ("hidden_act", ["silu", "swish"]);

    /// <summary>What the class takes where a key is missing.</summary>
    protected virtual LlamaDefaults Defaults { get; } = new(Context: 2048);

    /// <inheritdoc/>
    public ModelConfig Read(JsonFields fields)
    {
        string activation = fields.Text(Activation.Key, Activation.Names[0]);
        if (!Activation.Names.Contains(activation))
            throw fields.Wrong(Activation.Key, $"{Quoted.Name(activation)} is not supported; {Activation.Names[0]} is.");
        int hidden = fields.Count("hidden_size", most: ConfigLimits.Size), heads = fields.Count("num_attention_heads", most: ConfigLimits.Size);
        int? missing = fields.IsNull("num_key_value_heads") ? null : Defaults.NumKvHeads;
        int keyHeads = fields.Count("num_key_value_heads", missing ?? heads, most: heads);
        int vocabulary = fields.Count("vocab_size", most: ConfigLimits.Size), context = fields.Count("max_position_embeddings", Defaults.Context, ConfigLimits.Size);
        if (heads % keyHeads != 0)
            throw fields.Wrong("num_key_value_heads", $"{keyHeads} does not divide num_attention_heads = {heads}.");
        // In older files "dropout" stands for both.
        var own = fields.Object("sinter");
        double all = own?.Probability("dropout", 0) ?? 0;
        return ReadOwn(fields, new ModelConfig
        {
            Architecture = Name,
            VocabSize = vocabulary,
            NumLayers = fields.Count("num_hidden_layers", most: ConfigLimits.Layers),
            NumHeads = heads,
            NumKvHeads = keyHeads,
            HiddenSize = hidden,
            HeadSize = HeadSize(fields, hidden, heads),
            IntermediateSize = fields.Count("intermediate_size", most: ConfigLimits.Size),
            ContextLength = context,
            AttentionDropout = fields.Probability("attention_dropout", 0),
            EmbeddingDropout = own?.Probability("embedding_dropout", all) ?? 0,
            ResidualDropout = own?.Probability("residual_dropout", all) ?? 0,
            StochasticDepth = own?.Probability("stochastic_depth", 0) ?? 0,
            TieEmbeddings = fields.Flag("tie_word_embeddings", Defaults.TieEmbeddings),
            NormEpsilon = fields.NotNegative("rms_norm_eps", Defaults.NormEpsilon),
            InitializerRange = fields.NotNegative("initializer_range", 0.02),
            BosTokenId = fields.TokenId("bos_token_id", vocabulary),
            EosTokenId = fields.TokenId("eos_token_id", vocabulary),
        });
    }

    /// <inheritdoc/>
    public void Write(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteString("model_type", Name);
        HeadFormat.WriteName(json, config, Family, "ForCausalLM");
        json.WriteNumber("num_hidden_layers", config.NumLayers);
        json.WriteNumber("num_attention_heads", config.NumHeads);
        json.WriteNumber("num_key_value_heads", config.NumKvHeads);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("head_dim", config.HeadSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteString(Activation.Key, Activation.Names[0]);
        json.WriteFloat("rms_norm_eps", config.NormEpsilon);
        json.WriteFloat("attention_dropout", config.AttentionDropout);
        WriteOwn(path, json, config);
        if (config is { EmbeddingDropout: 0, ResidualDropout: 0, StochasticDepth: 0 }) return;
        json.WriteStartObject("sinter");
        json.WriteFloat("embedding_dropout", config.EmbeddingDropout);
        json.WriteFloat("residual_dropout", config.ResidualDropout);
        json.WriteFloat("stochastic_depth", config.StochasticDepth);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public bool IsIgnored(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    /// <summary>Reads what the relative has of its own.</summary>
    protected virtual ModelConfig ReadOwn(JsonFields fields, ModelConfig shared)
    {
        bool attention = fields.Flag("attention_bias", false), feedForward = fields.Flag("mlp_bias", false);
        return RopeFormat.Read(fields, shared) with { Bias = attention, MlpBias = feedForward == attention ? null : feedForward };
    }

    /// <summary>Writes what the relative has of its own.</summary>
    protected virtual void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteBoolean("attention_bias", config.Bias);
        json.WriteBoolean("mlp_bias", config.MlpBias ?? config.Bias);
        RopeFormat.Write(json, config);
    }

    private int HeadSize(JsonFields fields, int hidden, int heads)
    {
        int? missing = fields.IsNull("head_dim") ? null : Defaults.HeadSize;
        if (!fields.Has("head_dim") && missing is null && hidden % heads != 0)
            throw fields.Wrong("num_attention_heads", $"{heads} heads do not divide hidden_size = {hidden}, and there is no head_dim.");
        int size = fields.Count("head_dim", missing: missing ?? hidden / heads, most: ConfigLimits.Size);
        if (size % 2 != 0)
            throw fields.Wrong("head_dim", $"rotary positions turn pairs of elements, and a head of {size} has none for its last.");
        return size;
    }
}

/// <summary>What a class of transformers takes where a key is missing.</summary>
/// <param name="Context">max_position_embeddings.</param>
/// <param name="NormEpsilon">rms_norm_eps.</param>
/// <param name="TieEmbeddings">tie_word_embeddings.</param>
/// <param name="NumKvHeads">num_key_value_heads; null is as many as query heads.</param>
/// <param name="HeadSize">head_dim; null is hidden ÷ heads.</param>
internal sealed record LlamaDefaults(int Context, double NormEpsilon = 1e-6, bool TieEmbeddings = false, int? NumKvHeads = null, int? HeadSize = null);
