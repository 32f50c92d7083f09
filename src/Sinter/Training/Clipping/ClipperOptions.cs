using Sinter.Options;

namespace Sinter.Training.Clipping;

/// <summary>The options of one way to clip gradients; each derives its own. A number is <see cref="NormClipOptions"/> with that limit.</summary>
public abstract class ClipperOptions : INamedOptions
{
    /// <summary>The clipper's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The clipper of these options.</summary>
    public abstract IGradientClipper Create();

    /// <summary>Clipping of the global norm.</summary>
    public static implicit operator ClipperOptions(double max) => new NormClipOptions { Max = max };
}
