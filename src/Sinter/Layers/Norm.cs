using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>A normalization of rows.</summary>
public abstract class Norm
{
    /// <summary>The normalized rows, for matrix products to read: in the device's <see cref="Device.OperandType"/>.</summary>
    public Tensor Forward(Tensor x) => Forward(x, x.Device.OperandType);

    /// <summary>The normalized rows in a type, float32 or bfloat16.</summary>
    public abstract Tensor Forward(Tensor x, DType type);
}

/// <summary>LayerNorm (Ba, Kiros and Hinton, 2016).</summary>
/// <param name="parameters">The model's parameters.</param>
/// <param name="path">The layer's path.</param>
/// <param name="size">Extent of a row.</param>
/// <param name="bias">Whether there is a bias.</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class LayerNorm(ParameterSet parameters, string path, int size, bool bias, double epsilon) : Norm
{
    private readonly Tensor _weight = parameters.Add(new ParameterSpec(path + ".weight", new Shape(size), ParameterRole.NormWeight));
    private readonly Tensor _bias = bias ? parameters.Add(new ParameterSpec(path + ".bias", new Shape(size), ParameterRole.Bias)) : default;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, DType type) => Op.LayerNorm(x, _weight, _bias, (float)epsilon, type);
}

/// <summary>RMSNorm (Zhang and Sennrich, 2019).</summary>
/// <param name="parameters">The model's parameters.</param>
/// <param name="path">The layer's path.</param>
/// <param name="size">Extent of a row.</param>
/// <param name="epsilon">Added to the mean square.</param>
public sealed class RmsNorm(ParameterSet parameters, string path, int size, double epsilon) : Norm
{
    private readonly Tensor _weight = parameters.Add(new ParameterSpec(path + ".weight", new Shape(size), ParameterRole.NormWeight));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, DType type) => Op.RmsNorm(x, _weight, (float)epsilon, type);
}
