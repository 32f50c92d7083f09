using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Clipping;

/// <summary>The gradients of a step, by parameter.</summary>
public sealed class GradientSet
{
    private readonly Tensor[] _weights;

    /// <summary>The gradients of <paramref name="parameters"/>.</summary>
    public GradientSet(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        _weights = [.. parameters.Select(p => p.Value)];
    }

    /// <summary>The parameters; <c>Value.Grad</c> is the gradient of those that have one.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The parameters' values, in their order.</summary>
    internal ReadOnlySpan<Tensor> Weights => _weights;

    /// <summary>The global norm, √ Σ g² over all of them.</summary>
    public double Norm() => MultiTensor.GradientNorm(_weights);
}
