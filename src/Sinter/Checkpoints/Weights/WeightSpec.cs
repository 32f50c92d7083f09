namespace Sinter.Checkpoints.Weights;

/// <summary>A weight that a model has, under the name and in the layout of <c>transformers</c>.</summary>
/// <param name="Name">The name, such as <c>transformer.h.0.attn.c_attn.weight</c>.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="AlwaysZero">Whether it stands in the file only because <c>transformers</c> expects it (a bias of a gpt2 model without biases):
/// it holds zeros and is not trained.</param>
public sealed record WeightSpec(string Name, long[] Shape, bool AlwaysZero = false)
{
    /// <summary>The number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
