using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a bert or a roberta <c>config.json</c>.</summary>
/// <param name="name"><c>bert</c> or <c>roberta</c>.</param>
/// <param name="family">How names of classes begin.</param>
internal sealed class BertFormat(string name, string family) : IModelFormat
{
    private readonly bool _isRoberta = name == "roberta";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Prefix => name + ".";

    /// <summary>Reads the configuration; defaults are those of <c>BertConfig</c> and <c>RobertaConfig</c>.</summary>
    public ModelConfig Read(JsonFields fields)
    {
        RefuseUnusual(fields);
        int hidden = fields.Count("hidden_size", missing: 768, most: ConfigLimits.Size), heads = fields.Count("num_attention_heads", missing: 12, most: ConfigLimits.Size);
        int vocabulary = fields.Count("vocab_size", missing: _isRoberta ? 50265 : 30522, most: ConfigLimits.Size);
        if (hidden % heads != 0) throw fields.Wrong("num_attention_heads", $"{heads} heads do not divide hidden_size = {hidden}.");
        int padding = fields.TokenId("pad_token_id", vocabulary) ?? (_isRoberta ? 1 : 0), first = _isRoberta ? padding + 1 : 0;
        int positions = fields.Count("max_position_embeddings", missing: 512, most: ConfigLimits.Size);
        if (positions <= first)
            throw fields.Wrong("max_position_embeddings", $"{positions} positions are none for tokens: they are counted from {first}, the one after pad_token_id.");
        double dropout = fields.Probability("hidden_dropout_prob", 0.1);
        return new ModelConfig
        {
            Architecture = name,
            VocabSize = vocabulary,
            NumLayers = fields.Count("num_hidden_layers", missing: 12, most: ConfigLimits.Layers),
            NumHeads = heads,
            NumKvHeads = heads,
            HiddenSize = hidden,
            HeadSize = hidden / heads,
            IntermediateSize = fields.Count("intermediate_size", missing: 3072, most: ConfigLimits.Size),
            ContextLength = positions - first,
            TypeVocabSize = fields.Count("type_vocab_size", missing: 2, most: ConfigLimits.Size),
            Activation = ActivationFormat.Read(fields, "hidden_act", "gelu"),
            AttentionDropout = fields.Probability("attention_probs_dropout_prob", 0.1),
            EmbeddingDropout = fields.Object("sinter")?.Probability("embedding_dropout", dropout) ?? dropout,
            ResidualDropout = dropout,
            ClassifierDropout = fields.Has("classifier_dropout") ? fields.Probability("classifier_dropout", 0) : null,
            StochasticDepth = fields.Object("sinter")?.Probability("stochastic_depth", 0) ?? 0,
            Bias = true,
            TieEmbeddings = fields.Flag("tie_word_embeddings", true),
            NormEpsilon = fields.NotNegative("layer_norm_eps", 1e-12),
            InitializerRange = fields.NotNegative("initializer_range", 0.02),
            PadTokenId = padding,
            BosTokenId = fields.TokenId("bos_token_id", vocabulary),
            EosTokenId = fields.TokenId("eos_token_id", vocabulary),
        };
    }

    /// <inheritdoc/>
    public void Write(string path, Utf8JsonWriter json, ModelConfig config)
    {
        EncoderFormat.RequireWhole(path, config);
        json.WriteString("model_type", name);
        HeadFormat.WriteName(json, config, family, "ForMaskedLM");
        json.WriteNumber("num_hidden_layers", config.NumLayers);
        json.WriteNumber("num_attention_heads", config.NumHeads);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("max_position_embeddings", config.ContextLength + (_isRoberta ? (config.PadTokenId ?? 1) + 1 : 0));
        json.WriteNumber("type_vocab_size", config.TypeVocabSize);
        json.WriteString("hidden_act", ActivationFormat.Name(config.Activation));
        json.WriteFloat("layer_norm_eps", config.NormEpsilon);
        json.WriteFloat("hidden_dropout_prob", config.ResidualDropout);
        json.WriteFloat("attention_probs_dropout_prob", config.AttentionDropout);
        if (config.ClassifierDropout is { } dropout) json.WriteFloat("classifier_dropout", dropout);
        EncoderFormat.WriteOwn(json, config);
    }

    /// <inheritdoc/>
    public bool IsIgnored(string name) => name.EndsWith(".position_ids", StringComparison.Ordinal);

    /// <summary>Of a checkpoint of pretraining, what judges pairs of texts; the pooler, which only a classifier reads; and a tied decoder.</summary>
    public bool IsIgnored(ModelConfig config, string name) => IsIgnored(name) || name.StartsWith("cls.seq_relationship.", StringComparison.Ordinal)
        || (config.Head != ModelHead.Classifier && name.StartsWith(Prefix + "pooler.", StringComparison.Ordinal))
        || name is "cls.predictions.decoder.bias" or "lm_head.decoder.bias"
        || (config.TieEmbeddings && name is "cls.predictions.decoder.weight" or "lm_head.decoder.weight");

    /// <inheritdoc/>
    public string Canonical(string name) => EncoderFormat.Canonical(name);

    private static void RefuseUnusual(JsonFields fields)
    {
        if (fields.Flag("is_decoder", false)) throw fields.Wrong("is_decoder", "a decoder with an encoder's layers is not supported; false was expected.");
        string positions = fields.Text("position_embedding_type", "absolute");
        if (positions != "absolute") throw fields.Wrong("position_embedding_type", $"{Quoted.Name(positions)} is not supported; absolute is.");
    }
}
