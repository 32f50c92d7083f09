using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a gemma2 <c>config.json</c>; defaults are those of <c>Gemma2Config</c>.</summary>
internal sealed class Gemma2Format : LlamaFormat
{
    /// <inheritdoc/>
    public override string Name => "gemma2";

    /// <inheritdoc/>
    protected override string Family => "Gemma2";

    /// <inheritdoc/>
    protected override (string Key, string[] Names) Activation => ("hidden_activation", ["gelu_pytorch_tanh", "gelu_new"]);

    /// <inheritdoc/>
    protected override LlamaDefaults Defaults { get; } = new(Context: 8192, TieEmbeddings: true, NumKvHeads: 4, HeadSize: 256);

    /// <inheritdoc/>
    protected override ModelConfig ReadOwn(JsonFields fields, ModelConfig shared)
    {
        if (fields.Flag("use_bidirectional_attention", false))
            throw fields.Wrong("use_bidirectional_attention", "attention to later tokens is not supported; false was expected.");
        shared = RopeFormat.Read(fields, shared) with
        {
            Bias = fields.Flag("attention_bias", false),
            SlidingWindow = WindowFormat.Size(fields, missing: 4096),
            AttentionSoftCap = SoftCap(fields, "attn_logit_softcapping", 50),
            LogitSoftCap = SoftCap(fields, "final_logit_softcapping", 30),
            QueryScalar = fields.Number("query_pre_attn_scalar", 256),
        };
        if (!(shared.QueryScalar > 0))
            throw fields.Wrong("query_pre_attn_scalar", $"{shared.QueryScalar} is not above 0.");
        return WindowFormat.Layers(fields, shared, i => i % 2 == 0);
    }

    /// <inheritdoc/>
    protected override void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteString("hidden_act", Activation.Names[0]);
        json.WriteBoolean("attention_bias", config.Bias);
        // A whole number in transformers, which checks the type.
        if (config.QueryScalar == Math.Floor(config.QueryScalar)) json.WriteNumber("query_pre_attn_scalar", (long)config.QueryScalar);
        else json.WriteFloat("query_pre_attn_scalar", config.QueryScalar);
        WriteCap(json, "attn_logit_softcapping", config.AttentionSoftCap);
        WriteCap(json, "final_logit_softcapping", config.LogitSoftCap);
        WindowFormat.WriteSize(json, config);
        WindowFormat.WriteLayers(json, config);
        RopeFormat.Write(json, config);
    }

    private static double SoftCap(JsonFields fields, string key, double missing) => fields.IsNull(key) ? 0 : fields.NotNegative(key, missing);

    private static void WriteCap(Utf8JsonWriter json, string key, double cap)
    {
        if (cap > 0) json.WriteFloat(key, cap);
        else json.WriteNull(key);
    }
}
