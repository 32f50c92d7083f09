using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The keys of a qwen2 <c>config.json</c>; defaults are those of <c>Qwen2Config</c>.</summary>
internal class Qwen2Format : LlamaFormat
{
    /// <inheritdoc/>
    public override string Name => "qwen2";

    /// <inheritdoc/>
    protected override string Family => "Qwen2";

    /// <inheritdoc/>
    protected override LlamaDefaults Defaults { get; } = new(Context: 32768, NumKvHeads: 32);

    /// <inheritdoc/>
    protected override ModelConfig ReadOwn(JsonFields fields, ModelConfig shared)
    {
        int layers = shared.NumLayers, first = (int)fields.NotNegative("max_window_layers", 28);
        shared = RopeFormat.Read(fields, shared) with { Bias = true };
        if (!fields.Flag("use_sliding_window", false))
            return WindowFormat.RefuseWindows(fields, shared);
        int size = WindowFormat.Size(fields, missing: 4096);
        return WindowFormat.Layers(fields, shared with { SlidingWindow = size }, i => i >= first);
    }

    /// <inheritdoc/>
    protected override void WriteOwn(string path, Utf8JsonWriter json, ModelConfig config)
    {
        int first = Enumerable.Range(0, config.NumLayers).FirstOrDefault(i => config.WindowOf(i) > 0, config.NumLayers);
        json.WriteBoolean("use_sliding_window", config.SlidingWindow > 0);
        json.WriteNumber("max_window_layers", first);
        WindowFormat.WriteSize(json, config);
        WindowFormat.WriteLayers(json, config);
        RopeFormat.Write(json, config);
    }
}
