using Sinter.Layers;
using Sinter.Layers.Adapters;

namespace Sinter.Checkpoints.Adapters;

/// <summary>Puts adapters into the weights that they change, so that the model is one like any other.</summary>
public static class AdapterMerge
{
    /// <summary>Merges all adapters of a model.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <returns>The model's own parameters, which are all that is to be written now.</returns>
    public static IReadOnlyList<Parameter> Merge(IReadOnlyList<Parameter> parameters)
    {
        foreach (var adapter in LinearAdapter.Of(parameters)) adapter.Merge();
        return [.. parameters.Where(p => !p.IsAdapter)];
    }

    /// <summary>Takes the adapters out again: weights are as before within rounding.</summary>
    public static void Unmerge(IReadOnlyList<Parameter> parameters)
    {
        foreach (var adapter in LinearAdapter.Of(parameters)) adapter.Unmerge();
    }
}
