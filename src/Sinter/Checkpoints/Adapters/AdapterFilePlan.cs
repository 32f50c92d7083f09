using Sinter.Checkpoints.Files;
using Sinter.Layers;
using Sinter.Layers.Adapters;

namespace Sinter.Checkpoints.Adapters;

/// <summary>The adapters that the weights of a file are for.</summary>
/// <param name="folder">The file.</param>
internal sealed class AdapterFilePlan(AdapterFolder folder) : IAdapterPlan
{
    public LinearAdapter? Attach(Linear layer, ParameterSet parameters)
    {
        if (folder.Find(layer.Path + LowRankAdapter.AName) is not { } name) return null;
        var shape = folder.Entry(name).Shape;
        if (shape.Length != 2 || shape[0] is < 1 or > 1 << 16)
            throw new CheckpointException($"{folder.Path}: {Quoted.Name(name)} is {Quoted.Shape(shape.AsSpan())}; a matrix of 1 to {1 << 16} rows was expected.");
        return new LowRankAdapter(layer, parameters, folder.Config.Of(layer.Path, (int)shape[0]));
    }

    public bool Trains(string parameter) => folder.Find(parameter) is not null;

    /// <summary>What fits nothing is listed by <see cref="AdapterFolder.Load"/>.</summary>
    public void Check(IReadOnlyList<string> layers, IReadOnlyList<string> parameters) { }
}
