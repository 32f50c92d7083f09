using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Layers.Rotary;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a phi3 <c>config.json</c>; defaults are those of <c>Phi3Config</c>.</summary>
internal sealed class Phi3Format : LlamaFormat
{
    /// <inheritdoc/>
    public override string Name => "phi3";

    /// <inheritdoc/>
    protected override string Family => "Phi3";

    /// <inheritdoc/>
    protected override LlamaDefaults Defaults { get; } = new(Context: 4096, NormEpsilon: 1e-5);

    /// <inheritdoc/>
    protected override ModelConfig ReadOwn(JsonFields fields, ModelConfig shared)
    {
        var config = RopeFormat.Read(fields, shared, partial: true, originalContext: 4096) with
        {
            EmbeddingDropout = fields.Probability("embd_pdrop", 0),
            ResidualDropout = fields.Probability("resid_pdrop", 0),
            SlidingWindow = WindowFormat.Size(fields, missing: 0),
        };
        return config.RopeScaling is null or LongRopeScaling ? config
            : throw fields.Wrong("rope_scaling", "phi3 has positions of the types default and longrope alone.");
    }

    /// <inheritdoc/>
    protected override void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteFloat("embd_pdrop", config.EmbeddingDropout);
        json.WriteFloat("resid_pdrop", config.ResidualDropout);
        json.WriteFloat("partial_rotary_factor", config.RotaryFraction);
        json.WriteNumber("original_max_position_embeddings", (config.RopeScaling as LongRopeScaling)?.OriginalContext ?? config.ContextLength);
        if (config.PadTokenId is null) json.WriteNull("pad_token_id");
        WindowFormat.WriteSize(json, config);
        RopeFormat.Write(json, config);
    }
}
