using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a distilbert <c>config.json</c>.</summary>
internal sealed class DistilBertFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "distilbert";

    /// <inheritdoc/>
    public string Prefix => "distilbert.";

    /// <summary>Reads the configuration; defaults are those of <c>DistilBertConfig</c>.</summary>
    public ModelConfig Read(JsonFields fields)
    {
        int hidden = fields.Count("dim", missing: 768, most: ConfigLimits.Size), heads = fields.Count("n_heads", missing: 12, most: ConfigLimits.Size);
        int vocabulary = fields.Count("vocab_size", missing: 30522, most: ConfigLimits.Size);
        if (hidden % heads != 0) throw fields.Wrong("n_heads", $"{heads} heads do not divide dim = {hidden}.");
        double dropout = fields.Probability("dropout", 0.1);
        return new ModelConfig
        {
            Architecture = Name,
            VocabSize = vocabulary,
            NumLayers = fields.Count("n_layers", missing: 6, most: ConfigLimits.Layers),
            NumHeads = heads,
            NumKvHeads = heads,
            HiddenSize = hidden,
            HeadSize = hidden / heads,
            IntermediateSize = fields.Count("hidden_dim", missing: 3072, most: ConfigLimits.Size),
            ContextLength = fields.Count("max_position_embeddings", missing: 512, most: ConfigLimits.Size),
            Activation = ActivationFormat.Read(fields, "activation", "gelu"),
            AttentionDropout = fields.Probability("attention_dropout", 0.1),
            EmbeddingDropout = fields.Object("sinter")?.Probability("embedding_dropout", dropout) ?? dropout,
            ResidualDropout = dropout,
            ClassifierDropout = fields.Probability("seq_classif_dropout", DistilBert.HeadDropout),
            StochasticDepth = fields.Object("sinter")?.Probability("stochastic_depth", 0) ?? 0,
            Bias = true,
            TieEmbeddings = fields.Flag("tie_word_embeddings", true),
            NormEpsilon = 1e-12,
            InitializerRange = fields.NotNegative("initializer_range", 0.02),
            PadTokenId = fields.TokenId("pad_token_id", vocabulary) ?? 0,
            BosTokenId = fields.TokenId("bos_token_id", vocabulary),
            EosTokenId = fields.TokenId("eos_token_id", vocabulary),
        };
    }

    /// <inheritdoc/>
    public void Write(string path, Utf8JsonWriter json, ModelConfig config)
    {
        EncoderFormat.RequireWhole(path, config);
        json.WriteString("model_type", Name);
        HeadFormat.WriteName(json, config, "DistilBert", "ForMaskedLM");
        json.WriteNumber("n_layers", config.NumLayers);
        json.WriteNumber("n_heads", config.NumHeads);
        json.WriteNumber("dim", config.HiddenSize);
        json.WriteNumber("hidden_dim", config.IntermediateSize);
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteString("activation", ActivationFormat.Name(config.Activation));
        json.WriteFloat("dropout", config.ResidualDropout);
        json.WriteFloat("attention_dropout", config.AttentionDropout);
        json.WriteFloat("seq_classif_dropout", config.ClassifierDropout ?? DistilBert.HeadDropout);
        json.WriteBoolean("sinusoidal_pos_embds", false);
        EncoderFormat.WriteOwn(json, config);
    }

    /// <inheritdoc/>
    public bool IsIgnored(string name) => name.EndsWith(".position_ids", StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool IsIgnored(ModelConfig config, string name) => IsIgnored(name) || (config.TieEmbeddings && name == "vocab_projector.weight");

    /// <inheritdoc/>
    public string Canonical(string name) => EncoderFormat.Canonical(name);
}
