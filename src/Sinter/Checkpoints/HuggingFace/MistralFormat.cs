using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a mistral <c>config.json</c>; defaults are those of <c>MistralConfig</c>.</summary>
internal sealed class MistralFormat : LlamaFormat
{
    /// <inheritdoc/>
    public override string Name => "mistral";

    /// <inheritdoc/>
    protected override string Family => "Mistral";

    /// <inheritdoc/>
    protected override LlamaDefaults Defaults { get; } = new(Context: 4096 * 32, NumKvHeads: 8);

    /// <inheritdoc/>
    protected override ModelConfig ReadOwn(JsonFields fields, ModelConfig shared) =>
        RopeFormat.Read(fields, shared) with { SlidingWindow = WindowFormat.Size(fields, missing: 4096) };

    /// <inheritdoc/>
    protected override void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        WindowFormat.WriteSize(json, config);
        RopeFormat.Write(json, config);
    }
}
