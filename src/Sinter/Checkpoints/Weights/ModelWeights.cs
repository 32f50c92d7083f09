using Sinter.Checkpoints.HuggingFace;
using Sinter.Models;

namespace Sinter.Checkpoints.Weights;

/// <summary>The weights that a configuration implies, as the architecture's builder makes them.</summary>
public static class ModelWeights
{
    /// <summary>The weights of the model, in the order in which data passes them, without the zeros that only a file holds.</summary>
    /// <exception cref="CheckpointException">The architecture is unknown, or its sizes are beyond any memory.</exception>
    public static IReadOnlyList<WeightSpec> Plan(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelFormats.Of(config);
        try
        {
            return [.. Architectures.Plan(config).Select(p => new WeightSpec(p.Name, ModelFolder.Extents(p.Shape)))];
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw new CheckpointException($"A {config.Architecture} of {config.NumLayers} layers, width {config.HiddenSize}, {config.NumHeads} heads of "
                + $"{config.HeadSize} and a vocabulary of {config.VocabSize} can't be built: {e.Message} Check its config.json.", e);
        }
    }

    /// <summary>The weights as <c>transformers</c> expects them in a file: <see cref="Plan"/>, and zero biases for a gpt2 model without
    /// biases.</summary>
    /// <exception cref="CheckpointException">As <see cref="Plan"/>.</exception>
    public static IReadOnlyList<WeightSpec> PlanFile(ModelConfig config)
    {
        var own = Plan(config);
        var inFile = ModelFormats.Of(config).InFile(config);
        if (inFile == config) return own;
        HashSet<string> names = [.. own.Select(w => w.Name)];
        return [.. Plan(inFile).Select(w => w with { AlwaysZero = !names.Contains(w.Name) })];
    }
}
