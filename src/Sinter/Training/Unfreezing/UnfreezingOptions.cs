using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Unfreezing;

/// <summary>The options of one way to unfreeze; each derives its own.</summary>
public abstract class UnfreezingOptions : INamedOptions
{
    /// <summary>Its name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The strategy of these options.</summary>
    /// <param name="parameters">All parameters of the model, in the order of its files; what is frozen for good wants no gradient.</param>
    public abstract IUnfreezing Create(IReadOnlyList<Parameter> parameters);
}
