using Sinter.Layers;

namespace Sinter.Optimizers;

/// <summary>
/// How deep a parameter lies, by its block (<see cref="Parameter.BlockOf"/>). What comes before
/// the first layer in the model's files, the embeddings, is at the bottom; what comes after, the last norm and the head, at the top. A tied
/// embedding counts as an embedding.
/// </summary>
/// <remarks>Learning rates that fall with depth: Howard and Ruder, 2018 ("Universal language model fine-tuning for text classification", 3.2); with one
/// step from the embeddings to layer 0 and one from the last layer to the head: Clark et al., 2020 (ELECTRA, appendix).</remarks>
internal static class ParameterDepth
{
    /// <summary>Steps below the top, for each parameter: 0 for the head, 1 for the last layer, layers + 1 for the embeddings.</summary>
    public static int[] BelowTop(IReadOnlyList<Parameter> parameters)
    {
        int?[] layers = [.. parameters.Select(p => Parameter.BlockOf(p.Name))];
        int top = (layers.Max() ?? -1) + 1, first = Array.FindIndex(layers, l => l is not null);
        return [.. layers.Select((layer, i) => layer is { } l ? top - l : i < first ? top + 1 : 0)];
    }
}
