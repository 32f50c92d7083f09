using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015): the standard deviation gain ÷ √fan, which keeps the spread of activations (fan in,
/// equation
/// 10) or of gradients (fan out, equation 14). PyTorch's <c>kaiming_*_</c>; its default, leaky_relu with slope 0, is relu.
/// </summary>
public abstract class HeInitializer : FanInitializer
{
    /// <summary>relu.</summary>
    protected HeInitializer() => Activation = "relu";

    /// <summary><c>in</c> or <c>out</c>.</summary>
    public string Fan { get; set; } = "in";

    /// <inheritdoc/>
    public override double Std(ParameterSpec spec)
    {
        RequireMatrix(spec);
        return ActivationGain / Math.Sqrt(Fan == "in" ? spec.FanIn : spec.FanOut);
    }

    /// <summary>Lists the keys of both.</summary>
    private protected static void DescribeHe<T>(OptionsSchemaBuilder<T> builder) where T : HeInitializer, new()
    {
        builder.Choice("fan", "Whose spread is kept: in is the activations', out the gradients'.", o => o.Fan, (o, v) => o.Fan = v, ["in", "out"]);
        Describe(builder);
    }
}

/// <summary>Uniform within ± gain · √(3 ÷ fan): PyTorch's <c>kaiming_uniform_</c>.</summary>
public sealed class HeUniformInitializer : HeInitializer
{
    /// <summary>The keys of <c>he_uniform</c> in recipes.</summary>
    public static OptionsSchema<HeUniformInitializer> Schema { get; } = OptionsSchema.Create<HeUniformInitializer>(
        "Uniform within gain x sqrt(3 / fan) (He et al., 2015).", DescribeHe);

    /// <inheritdoc/>
    public override string Name => "he_uniform";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => FillUniform(values, spec, seed);
}

/// <summary>Normal with the standard deviation gain ÷ √fan: PyTorch's <c>kaiming_normal_</c>.</summary>
public sealed class HeNormalInitializer : HeInitializer
{
    /// <summary>The keys of <c>he_normal</c> in recipes.</summary>
    public static OptionsSchema<HeNormalInitializer> Schema { get; } = OptionsSchema.Create<HeNormalInitializer>(
        "Normal with gain / sqrt(fan) (He et al., 2015).", DescribeHe);

    /// <inheritdoc/>
    public override string Name => "he_normal";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => FillNormal(values, spec, seed);
}
