using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a qwen3 <c>config.json</c>; defaults are those of <c>Qwen3Config</c>.</summary>
internal sealed class Qwen3Format : Qwen2Format
{
    /// <inheritdoc/>
    public override string Name => "qwen3";

    /// <inheritdoc/>
    protected override string Family => "Qwen3";

    /// <inheritdoc/>
    protected override LlamaDefaults Defaults { get; } = new(Context: 32768, NumKvHeads: 32, HeadSize: 128);

    /// <inheritdoc/>
    protected override ModelConfig ReadOwn(JsonFields fields, ModelConfig shared) =>
        base.ReadOwn(fields, shared) with { Bias = fields.Flag("attention_bias", false) };

    /// <inheritdoc/>
    protected override void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteBoolean("attention_bias", config.Bias);
        base.WriteOwn(path, json, config);
    }
}
