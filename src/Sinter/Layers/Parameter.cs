using System.Globalization;
using Sinter.Layers.Adapters;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>A trained tensor with its name in the model's files.</summary>
/// <param name="Name">The name that transformers gives it, such as <c>transformer.wte.weight</c>.</param>
/// <param name="Value">The elements; gradients flow to it.</param>
public sealed record Parameter(string Name, Tensor Value)
{
    /// <summary>The number of the Transformer block that a name belongs to, its first part that is a number
    /// (<c>transformer.h.3.ln_1.weight</c>, <c>model.layers.3.mlp.up_proj.weight</c>); null outside the blocks.</summary>
    public static int? BlockOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (string part in name.Split('.'))
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int block)) return block;
        return null;
    }

    /// <summary>Whether weight decay applies by default: matrices yes, biases and norms no.</summary>
    public bool IsMatrix => Value.Shape.Rank >= 2;

    /// <summary>How a matrix lies; embeddings, one row for each token or position, as outputs × inputs.</summary>
    public WeightLayout Layout { get; init; } = WeightLayout.OutputsByInputs;

    /// <summary>For the weight of a linear layer, the outputs of each map that lies in it, side by side: three where queries, keys and values are
    /// one projection. Null for embeddings, heads,
    /// biases and norms.</summary>
    public IReadOnlyList<int>? Outputs { get; init; }

    /// <summary>Whether the logits are made with it: the output layer, or the embedding where both are one.</summary>
    public bool IsHead { get; init; }

    /// <summary>The adapter that it is of; null for the model's own.</summary>
    public LinearAdapter? Adapter { get; init; }

    /// <summary>Whether it is an adapter's, and so no part of the model's own files.</summary>
    public bool IsAdapter => Adapter is not null;

    /// <summary>Whether it stays as it is because adapters are trained in its place.</summary>
    public bool IsFrozen { get; init; }
}
