using Sinter.Options;

namespace Sinter.Layers.Initialization;

/// <summary>
/// The factor that makes up for what an activation takes from the spread of its input: the values of PyTorch's <c>calculate_gain</c>. GELU and SiLU,
/// the
/// activations of gpt2 and llama, are not in PyTorch's table; relu's gain is the usual choice for both.
/// </summary>
public static class Gain
{
    /// <summary>The activations.</summary>
    public static IReadOnlyList<string> Activations { get; } = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"];

    /// <summary>The gain: 1, 1, 5/3, √2, √(2 ÷ (1 + slope²)), 3/4.</summary>
    /// <param name="activation">One of <see cref="Activations"/>.</param>
    /// <param name="negativeSlope">Of leaky_relu, for negative inputs.</param>
    /// <exception cref="ArgumentException">An unknown activation.</exception>
    public static double Of(string activation, double negativeSlope = 0.01) => activation switch
    {
        "linear" or "sigmoid" => 1,
        "tanh" => 5.0 / 3,
        "relu" => Math.Sqrt(2),
        "leaky_relu" => Math.Sqrt(2 / (1 + negativeSlope * negativeSlope)),
        "selu" => 0.75,
        _ => throw new ArgumentException($"[gain] '{activation}' is none of {string.Join(", ", Activations)}.", nameof(activation)),
    };
}

/// <summary>An initializer whose spread goes by the layer's extents and its activation.</summary>
public abstract class ScaledInitializer : Initializer
{
    /// <summary>The activation that follows the layer: one of <see cref="Gain.Activations"/>.</summary>
    public string Activation { get; set; } = "linear";

    /// <summary>Of leaky_relu, for negative inputs.</summary>
    public double NegativeSlope { get; set; } = 0.01;

    /// <summary>The gain itself; null is the activation's.</summary>
    public double? GivenGain { get; set; }

    /// <summary>The factor of the standard deviation.</summary>
    public double ActivationGain => GivenGain ?? Gain.Of(Activation, NegativeSlope);

    /// <summary>Lists the keys that all of them have.</summary>
    private protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : ScaledInitializer, new()
    {
        builder.Choice("activation", "The activation that follows, for the gain.", o => o.Activation, (o, v) => o.Activation = v, Gain.Activations);
        builder.Number("negative_slope", "Of leaky_relu, for negative inputs.", o => o.NegativeSlope, (o, v) => o.NegativeSlope = v, NumberRange.Any);
        builder.OptionalNumber("gain", "The factor of the spread; null is the activation's.", o => o.GivenGain, (o, v) => o.GivenGain = v,
            NumberRange.NotNegative);
    }
}
