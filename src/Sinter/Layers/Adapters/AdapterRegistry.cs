using Sinter.Options;

namespace Sinter.Layers.Adapters;

/// <summary>The adapters that recipes choose from.</summary>
public static class AdapterRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<AdapterOptions> All { get; } = new Registry<AdapterOptions>("adapter")
        .Add(LoraOptions.Schema);
}
