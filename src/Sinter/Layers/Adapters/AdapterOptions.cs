using Sinter.Options;

namespace Sinter.Layers.Adapters;

/// <summary>The options of one kind of adapter; each derives its own.</summary>
public abstract class AdapterOptions : INamedOptions
{
    /// <summary>The adapter's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>What these options do to a model.</summary>
    public abstract IAdapterPlan Plan();
}
