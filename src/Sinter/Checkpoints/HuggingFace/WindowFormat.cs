using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Layers;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>Windows of attention in <c>config.json</c>: <c>sliding_window</c>, and <c>layer_types</c> where not all layers have it.</summary>
internal static class WindowFormat
{
    private const string Key = "sliding_window", LayersKey = "layer_types", Full = "full_attention", Sliding = "sliding_attention";

    /// <summary>The window; 0 is none, which the file says with null.</summary>
    public static int Size(JsonFields fields, int missing) =>
        !fields.IsNull(Key) && (missing > 0 || fields.Has(Key)) ? fields.Count(Key, missing, ConfigLimits.Size) : 0;

    /// <summary>Which layers have the window: as the file lists them, else by the family's rule.</summary>
    public static ModelConfig Layers(JsonFields fields, ModelConfig config, Func<int, bool> rule)
    {
        bool[] layers = fields.Has(LayersKey) ? Listed(fields, config.NumLayers) : [.. Enumerable.Range(0, config.NumLayers).Select(rule)];
        if (config.SlidingWindow == 0 && fields.Has(LayersKey) && layers.Contains(true))
            throw fields.Wrong(LayersKey, $"layers of the type {Sliding} need a {Key}, and it is null.");
        return config.SlidingWindow == 0 || !layers.Contains(true) ? config with { SlidingWindow = 0 }
            : config with { WindowLayers = layers.Contains(false) ? new ValueList<bool>(layers) : null };
    }

    /// <summary>The model without windows, whatever size stands in the file.</summary>
    public static ModelConfig RefuseWindows(JsonFields fields, ModelConfig config) =>
        !fields.Has(LayersKey) || !Listed(fields, config.NumLayers).Contains(true) ? config
        : throw fields.Wrong(LayersKey, $"layers of the type {Sliding} contradict use_sliding_window = false.");

    /// <summary>Writes the window.</summary>
    public static void WriteSize(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.SlidingWindow > 0) json.WriteNumber(Key, config.SlidingWindow);
        else json.WriteNull(Key);
    }

    /// <summary>Writes the type of each layer.</summary>
    public static void WriteLayers(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteStartArray(LayersKey);
        for (int i = 0; i < config.NumLayers; i++) json.WriteStringValue(config.WindowOf(i) > 0 ? Sliding : Full);
        json.WriteEndArray();
    }

    private static bool[] Listed(JsonFields fields, int layers)
    {
        string[] types = fields.Texts(LayersKey);
        if (types.Length != layers)
            throw fields.Wrong(LayersKey, $"{types.Length} types were found for {layers} layers.");
        return Array.ConvertAll(types, type => type is Full or Sliding ? type == Sliding
            : throw fields.Wrong(LayersKey, $"{Quoted.Name(type)} is not supported; {Full} and {Sliding} are."));
    }
}
