using Sinter.Options;

namespace Sinter.Training.Clipping;

/// <summary>The ways to clip gradients that recipes choose from.</summary>
public static class ClipperRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<ClipperOptions> All { get; } = new Registry<ClipperOptions>("clipping")
        .Add(NormClipOptions.Schema)
        .Add(ParameterNormClipOptions.Schema)
        .Add(ValueClipOptions.Schema)
        .Add(AdaptiveClipOptions.Schema)
        .Add(StatisticalClipOptions.Schema)
        .Shorten("norm", "max");
}
