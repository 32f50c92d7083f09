using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>What a parameter is in its layer.</summary>
public enum ParameterRole
{
    /// <summary>A matrix: of a linear layer, or an embedding.</summary>
    Matrix,
    /// <summary>A bias, which begins at 0.</summary>
    Bias,
    /// <summary>The weight of a norm, which begins at 1.</summary>
    NormWeight,
    /// <summary>The weight of a norm that is added to 1, which begins at 0.</summary>
    NormOffset,
}

/// <summary>A parameter before it has values: what an initializer goes by.</summary>
/// <param name="Name">The name that transformers gives it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Role">What it is in its layer.</param>
public sealed record ParameterSpec(string Name, Shape Shape, ParameterRole Role = ParameterRole.Matrix)
{
    /// <summary>How a matrix lies: GPT-2's are inputs × outputs, all others, embeddings [V, C] included, outputs × inputs as PyTorch has
    /// them.</summary>
    public WeightLayout Layout { get; init; } = WeightLayout.OutputsByInputs;

    /// <summary>For a matrix that ends a branch of the residual stream, how many such matrices the model has; 0 for any other.</summary>
    public int ResidualProjections { get; init; }

    /// <summary>For the weight of a linear layer, the outputs of each map that lies in it, side by side; null for all others.</summary>
    public IReadOnlyList<int>? Outputs { get; init; }

    /// <summary>Whether it has inputs and outputs.</summary>
    public bool IsMatrix => Shape.Rank == 2;

    /// <summary>What one output of a matrix adds up: the second extent where it lies as PyTorch's, the first where it lies as GPT-2's.</summary>
    public long FanIn => Shape[Layout == WeightLayout.OutputsByInputs ? 1 : 0];

    /// <summary>To how many outputs of a matrix one input goes.</summary>
    public long FanOut => Shape[Layout == WeightLayout.OutputsByInputs ? 0 : 1];
}
